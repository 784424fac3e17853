#include "cli/importers/vllm/detail.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>

#include "cli/importers/row_reader.h"
#include "libs/json/scalar.h"

namespace loadline::cli {
namespace {

using domain::Measurement;
using domain::Statistic;
using Json = nlohmann::json;
using Problems = std::vector<std::string>;

/// One request's times, in seconds. Without streaming there is no first token.
struct Request {
  std::optional<double> ttft = {};
  std::vector<double> gaps = {};
  double latency = 0;
  double output_tokens = 0;
};

/// The array `name`; an empty one where it is absent.
const Json& ArrayAt(const Json& result, const char* name) {
  static const Json kNone = Json::array();
  const auto found = result.find(name);
  return found == result.end() || !found->is_array() ? kNone : *found;
}

/// Element `index` of the array `name`; nullopt, with a problem, where it is no
/// finite number.
std::optional<double> Element(const Json& array, const std::string& name, std::size_t index, Problems& problems) {
  const auto number = json::NumberIn(array[index]);
  if (number && std::isfinite(*number)) return number;
  problems.push_back(fmt::format("{}[{}]: not a number: {}", name, index, json::Quoted(array[index])));
  return std::nullopt;
}

bool Failed(const Json& result, std::size_t index) {
  const Json& errors = ArrayAt(result, "errors");
  return index < errors.size() && errors[index].is_string() && !errors[index].get_ref<const std::string&>().empty();
}

std::vector<double> Gaps(const Json& itls, std::size_t index, Problems& problems) {
  std::vector<double> gaps;
  if (index >= itls.size() || !itls[index].is_array()) return gaps;
  for (std::size_t i = 0; i < itls[index].size(); ++i) {
    if (const auto gap = Element(itls[index], fmt::format("itls[{}]", index), i, problems)) gaps.push_back(*gap);
  }
  return gaps;
}

/// nullopt where the array `name` has no such element; a problem where it is no
/// number.
std::optional<double> ElementOf(const Json& result, const char* name, std::size_t index, Problems& problems) {
  const Json& array = ArrayAt(result, name);
  return index < array.size() ? Element(array, name, index, problems) : std::nullopt;
}

std::optional<Request> ReadRequest(const Json& result, std::size_t index, Problems& problems) {
  const bool streamed = index < ArrayAt(result, "ttfts").size();
  Request request{.ttft = ElementOf(result, "ttfts", index, problems),
                  .gaps = Gaps(ArrayAt(result, "itls"), index, problems)};
  if (streamed && !request.ttft) return std::nullopt;
  if (streamed) request.latency = std::accumulate(request.gaps.begin(), request.gaps.end(), *request.ttft);
  const auto latency = ElementOf(result, "latencies", index, problems);
  if (index < ArrayAt(result, "latencies").size()) request.latency = latency.value_or(0);
  request.output_tokens = ElementOf(result, "output_lens", index, problems).value_or(0);
  return request;
}

std::vector<Request> Completed(const Json& result, Problems& problems) {
  std::vector<Request> requests;
  const auto count = std::max(ArrayAt(result, "ttfts").size(), ArrayAt(result, "latencies").size());
  for (std::size_t i = 0; i < count; ++i) {
    if (Failed(result, i)) continue;
    if (auto request = ReadRequest(result, i, problems)) requests.push_back(*std::move(request));
  }
  return requests;
}

/// Of `sorted`, which is not empty.
double Percentile(const std::vector<double>& sorted, double share) {
  const double rank = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(rank);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return std::lerp(sorted[below], sorted[above], rank - static_cast<double>(below));
}

double Compute(Statistic statistic, const std::vector<double>& sorted) {
  switch (statistic) {
    case Statistic::kMean:
      return std::accumulate(sorted.begin(), sorted.end(), 0.0) / static_cast<double>(sorted.size());
    case Statistic::kP50: return Percentile(sorted, 0.50);
    case Statistic::kP90: return Percentile(sorted, 0.90);
    case Statistic::kP95: return Percentile(sorted, 0.95);
    case Statistic::kP99: return Percentile(sorted, 0.99);
  }
  return 0;
}

void FillIn(RowReader& row, LatencyOf latency, std::vector<double> seconds, const std::string& source) {
  if (seconds.empty()) return;
  std::sort(seconds.begin(), seconds.end());
  for (const Statistic statistic : domain::kStatistics) {
    if ((row.measurement().*latency)[statistic]) continue;
    row.Derive({latency, statistic}, Compute(statistic, seconds) * kMsPerSecond,
               fmt::format("computed from {} of {} requests or gaps", source, seconds.size()));
  }
}

template <typename Time>
std::vector<double> Times(const std::vector<Request>& requests, const Time& time) {
  std::vector<double> times;
  for (const Request& request : requests) {
    if (const std::optional<double> seconds = time(request)) times.push_back(*seconds);
  }
  return times;
}

std::optional<double> TimePerOutputToken(const Request& request) {
  if (!request.ttft || !(request.output_tokens > 1)) return std::nullopt;
  return (request.latency - *request.ttft) / (request.output_tokens - 1);
}

std::vector<double> AllGaps(const std::vector<Request>& requests) {
  std::vector<double> gaps;
  for (const Request& request : requests) gaps.insert(gaps.end(), request.gaps.begin(), request.gaps.end());
  return gaps;
}

}  // namespace

void FillInFromVllmDetail(const Json& result, ImportedRow& row) {
  const std::vector<Request> requests = Completed(result, row.problems);
  RowReader reader(result, row);
  FillIn(reader, &Measurement::ttft, Times(requests, [](const Request& request) { return request.ttft; }), "ttfts");
  FillIn(
      reader, &Measurement::e2e,
      Times(requests,
            [](const Request& request) { return request.latency > 0 ? std::optional(request.latency) : std::nullopt; }),
      ArrayAt(result, "latencies").empty() ? "ttfts and itls" : "latencies");
  FillIn(reader, &Measurement::tpot, Times(requests, TimePerOutputToken), "ttfts, itls and output_lens");
  FillIn(reader, &Measurement::itl, AllGaps(requests), "itls");
}

}  // namespace loadline::cli
