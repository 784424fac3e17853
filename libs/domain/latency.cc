#include "libs/domain/latency.h"

#include <algorithm>

namespace loadline::domain {
namespace {

constexpr std::array<std::string_view, kMetrics.size()> kMetricNames = {"ttft", "itl", "e2e"};
constexpr std::array<std::string_view, kStatistics.size()> kStatisticNames = {"mean", "p50", "p90", "p95", "p99"};

template <typename Enum, std::size_t N>
std::optional<Enum> Find(const std::array<std::string_view, N>& names, std::string_view text) {
  const auto found = std::find(names.begin(), names.end(), text);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

}  // namespace

std::string_view Name(Metric metric) { return kMetricNames[static_cast<std::size_t>(metric)]; }
std::string_view Name(Statistic statistic) { return kStatisticNames[static_cast<std::size_t>(statistic)]; }
std::optional<Metric> ParseMetric(std::string_view text) { return Find<Metric>(kMetricNames, text); }
std::optional<Statistic> ParseStatistic(std::string_view text) { return Find<Statistic>(kStatisticNames, text); }

bool LatencySummary::empty() const {
  return std::none_of(values.begin(), values.end(), [](Reading value) { return value.has_value(); });
}

}  // namespace loadline::domain
