#include "services/benchmark-store/repository/benchmark_repository.h"

#include <fmt/format.h>

#include <algorithm>

#include "libs/base/suggest.h"

namespace loadline::store {
namespace {

using Words = std::vector<std::pair<std::string, std::string>>;

Words WordsOf(const domain::BenchmarkFilter& filter) {
  Words words;
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) words.emplace_back(name, value);
  };
  add("model_hf_repo", filter.model);
  add("precision", filter.precision);
  add("hardware", filter.hardware);
  if (filter.hardware_count) add("hardware_count", std::to_string(*filter.hardware_count));
  add("framework", filter.framework);
  add("framework_version", filter.framework_version);
  return words;
}

std::string Sentence(const Words& words) {
  if (words.empty()) return "There are no benchmarks yet: import some.";
  std::string text = "No benchmark matches";
  for (const auto& [name, value] : words) text += fmt::format(" {} `{}`", name, value);
  return text + ".";
}

std::string Suggestion(const std::string& name, const std::vector<std::string>& known) {
  const bool is_known = name.empty() || std::find(known.begin(), known.end(), name) != known.end();
  return is_known ? "" : base::DidYouMean(name, known);
}

}  // namespace

QuarantinedRow QuarantinedFrom(domain::Verdict verdict, std::string location) {
  const auto id = domain::BenchmarkId::Of(verdict.measurement);
  return {.id = id,
          .measurement = std::move(verdict.measurement),
          .location = std::move(location),
          .reasons = std::move(verdict.reasons)};
}

base::Error BenchmarkNotFound(const domain::BenchmarkId& id) {
  const auto name = id.ToString();
  auto error = base::NotFound("BENCHMARK_NOT_FOUND", fmt::format("There is no benchmark `{}`.", name),
                              {.type = "benchmark", .name = name});
  error.metadata = {{"id", name}};
  return error;
}

base::Error NoBenchmarkMatches(const domain::BenchmarkFilter& filter, const std::vector<std::string>& known_models,
                               const std::vector<std::string>& known_hardware) {
  const auto words = WordsOf(filter);
  const auto suggestions = Suggestion(filter.model, known_models) + Suggestion(filter.hardware, known_hardware);
  auto error = base::NotFound("NO_BENCHMARK_MATCHES", Sentence(words) + suggestions,
                              {.type = "benchmark", .name = words.empty() ? "" : words.front().second});
  error.metadata = {words.begin(), words.end()};
  if (!suggestions.empty()) error.metadata.emplace("suggestions", suggestions.substr(1));
  return error;
}

base::Error FutureRevision(domain::Revision asked, domain::Revision current) {
  auto error = base::InvalidArgument(
      "revision", fmt::format("{} is in the future: the newest revision is {}. Use 0 for the newest.", asked, current));
  error.metadata["asked"] = std::to_string(asked);
  error.metadata["current"] = std::to_string(current);
  return error;
}

base::Error StrangePosition() {
  return base::InvalidArgument("page_token", "was not made by this store; start again without one");
}

base::Error DataNotWritable(std::string_view detail) {
  auto error = base::FailedPrecondition(
      "DATA_NOT_WRITABLE",
      "The store cannot write its data, so nothing was changed. Its log says why; make the data writable and retry.");
  error.detail = detail;
  return error;
}

}  // namespace loadline::store
