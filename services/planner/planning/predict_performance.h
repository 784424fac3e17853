#pragma once

#include <array>
#include <optional>
#include <string>
#include <variant>

#include "services/planner/planning/plan.h"

namespace loadline::planning {

/// What is asked of one configuration: a shape and one of rate and concurrency.
struct PerformanceRequest {
  domain::TrafficShape shape;
  /// Requests/s that arrive, open loop; > 0.
  std::optional<double> rps = {};
  /// Mean requests in flight; > 0.
  std::optional<double> concurrency = {};
  /// Each latency stays below its upper bound with this probability; (0, 1).
  double confidence = 0.9;
};

/// One latency with what it rests on.
struct PredictedLatency {
  double ms = 0;
  Basis basis = Basis::kMeasured;
  /// Holds the latency with probability 2 x confidence - 1, its upper end with
  /// `confidence`. Absent where too few shapes were measured to know.
  std::optional<Interval> interval_ms = {};
  /// Measured shapes that calibrated the interval.
  int calibration_shapes = 0;
};

/// What one replica does at one load.
struct Performance {
  double rps = 0;
  /// Mean requests in flight; absent where it was neither asked nor known.
  std::optional<double> concurrency = {};
  /// By metric, then statistic; absent where nothing is known.
  std::array<std::array<std::optional<PredictedLatency>, domain::kStatistics.size()>, domain::kMetrics.size()>
      latencies = {};
  /// Every benchmark that the answer rests on; for a prediction all of the
  /// configuration, with the nearest shape.
  Evidence evidence;

  std::optional<PredictedLatency>& At(domain::Metric metric, domain::Statistic statistic) {
    return latencies[static_cast<std::size_t>(metric)][static_cast<std::size_t>(statistic)];
  }
};

/// Why nothing can be predicted; `message` says what to do.
struct NoPerformance {
  enum class Reason { kTooFewBenchmarks, kSaturated, kMemory };
  Reason reason = Reason::kTooFewBenchmarks;
  std::string message;
};

/// The latencies of one replica of `configuration` at a load: interpolated
/// inside a measured curve, else predicted by the fit. `model` and `hardware`
/// may be null: unknown.
std::variant<Performance, NoPerformance> PredictPerformance(const ConfigurationEvidence& configuration,
                                                            const domain::Model* model,
                                                            const domain::Hardware* hardware,
                                                            const PerformanceRequest& request);

}  // namespace loadline::planning
