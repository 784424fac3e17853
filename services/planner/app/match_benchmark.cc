#include "services/planner/app/match_benchmark.h"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "libs/base/suggest.h"
#include "libs/domain/text.h"
#include "libs/rpc/log.h"
#include "services/planner/app/checks.h"
#include "services/planner/app/names.h"

namespace loadline::planner {
namespace {

constexpr double kMaxRps = 10'000'000;

base::Result<domain::TrafficShape> Check(const MatchQuery& query) {
  auto violations = query.violations;
  std::optional<domain::TrafficShape> shape;
  if (query.shape) {
    shape = ValueOr(domain::TrafficShape::Make(query.shape->input_tokens, query.shape->output_tokens), &violations);
  } else {
    violations.push_back({"shape", "is required: the mean input and output tokens of the traffic"});
  }
  if (query.rps) CheckPositive("requests_per_second", *query.rps, kMaxRps, &violations);
  if (!violations.empty()) return base::Fail(base::InvalidArgument(std::move(violations)));
  return *shape;
}

std::vector<std::string> ModelsOf(const domain::BenchmarkFilter& filter) {
  return filter.model.empty() ? std::vector<std::string>{} : std::vector{filter.model};
}

// "No ... `vlm`. Did you mean `vllm`?" for the first text of the filter that no
// benchmark has.
template <typename Member>
std::string Suggestion(const ModelList& evidence, const std::string& asked, std::string_view kind, Member member) {
  if (asked.empty()) return "";
  std::set<std::string> known;
  for (const auto& model : evidence) {
    for (const auto& measured : model->configurations) known.insert(measured.configuration.*member);
  }
  if (known.contains(asked)) return "";
  return fmt::format(" None has {} {}.{}", kind, domain::Quoted(asked),
                     base::DidYouMean(asked, {known.begin(), known.end()}));
}

void LogMatch(const planning::Match& match, const domain::TrafficShape& asked) {
  if (!rpc::LogEnabled(rpc::LogLevel::kInfo)) return;
  const auto& configuration = match.configuration->configuration;
  rpc::Log(rpc::LogLevel::kInfo, "match",
           {{"model", configuration.model},
            {"configuration", configuration.ToString()},
            {"asked_shape", asked.ToString()},
            {"matched_shape", match.curve->shape().ToString()},
            {"distance", fmt::format("{:.6g}", match.distance)}});
}

}  // namespace

base::Error NoBenchmarkMatches(const domain::BenchmarkFilter& filter, const ModelList& evidence) {
  using domain::Configuration;
  auto text = Suggestion(evidence, filter.hardware, "hardware", &Configuration::hardware);
  if (text.empty()) text = Suggestion(evidence, filter.framework, "framework", &Configuration::framework);
  if (text.empty()) text = Suggestion(evidence, filter.precision, "precision", &Configuration::precision);
  if (text.empty()) {
    text = Suggestion(evidence, filter.framework_version, "framework version", &Configuration::framework_version);
  }
  const auto subject = filter.model.empty() ? std::string() : " of `" + filter.model + "`";
  return base::NotFound("NO_BENCHMARK_MATCHES", "No benchmark" + subject + " passes the filter." + text,
                        {.type = "benchmark", .name = filter.model});
}

base::Result<Selected> Select(EvidenceCache& cache, const Snapshot& snapshot, const domain::BenchmarkFilter& filter,
                              const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(const auto models, ResolveModels(*snapshot.view, ModelsOf(filter)));
  LOADLINE_ASSIGN_OR_RETURN(auto evidence, cache.Models(snapshot, models, scope));
  Selected selected{.filter = filter, .evidence = std::move(evidence)};
  if (filter.hardware.empty()) return selected;
  const base::Result<std::shared_ptr<const ModelList>> read = selected.evidence;
  HardwareNames names(
      *snapshot.view->catalog, [&read]() -> const auto& { return read; });
  LOADLINE_ASSIGN_OR_RETURN(selected.filter.hardware, names.Resolve(filter.hardware));
  return selected;
}

base::Result<MatchAnswer> MatchBenchmark(EvidenceCache& cache, const MatchQuery& query, const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(const auto asked, Check(query));
  LOADLINE_ASSIGN_OR_RETURN(const auto snapshot, cache.Current());
  LOADLINE_ASSIGN_OR_RETURN(auto selected, Select(cache, snapshot, query.filter, scope));
  const auto match = planning::FindClosest(*selected.evidence, selected.filter, asked, query.rps);
  if (!match) return base::Fail(NoBenchmarkMatches(selected.filter, *selected.evidence));
  LogMatch(*match, asked);
  return MatchAnswer{.match = *match, .freshness = snapshot.freshness, .evidence = std::move(selected.evidence)};
}

}  // namespace loadline::planner
