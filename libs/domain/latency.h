#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "libs/domain/reading.h"

namespace loadline::domain {

/// What is timed: time to first token, inter-token latency, end to end.
enum class Metric { kTtft, kItl, kE2e };
inline constexpr std::array kMetrics = {Metric::kTtft, Metric::kItl, Metric::kE2e};

/// How many requests' times become one number.
enum class Statistic { kMean, kP50, kP90, kP95, kP99 };
inline constexpr std::array kStatistics = {Statistic::kMean, Statistic::kP50, Statistic::kP90, Statistic::kP95,
                                           Statistic::kP99};

/// "ttft", "itl", "e2e"; "mean", "p50", ... The parsers take exactly these.
std::string_view Name(Metric metric);
std::string_view Name(Statistic statistic);
std::optional<Metric> ParseMetric(std::string_view text);
std::optional<Statistic> ParseStatistic(std::string_view text);

/// One metric of one benchmark, in milliseconds. What was not measured is
/// absent, never 0.
struct LatencySummary {
  std::array<Reading, kStatistics.size()> values = {};

  Reading& operator[](Statistic statistic) { return values[static_cast<std::size_t>(statistic)]; }
  Reading operator[](Statistic statistic) const { return values[static_cast<std::size_t>(statistic)]; }
  bool empty() const;

  friend bool operator==(const LatencySummary&, const LatencySummary&) = default;
};

}  // namespace loadline::domain
