#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libs/domain/benchmark.h"

namespace loadline::bench {

/// How a policy's decisions turned out.
struct DecisionScore {
  std::string policy;
  int decisions = 0;
  /// Shares of all decisions.
  double success = 0;
  double violates = 0;
  double no_answer = 0;
  /// Measured capacity / decision - 1, of the successes.
  double overspend_median = 0;
  double overspend_p90 = 0;
};

/// How good predictions of one latency are.
struct LatencyScore {
  domain::Metric metric = domain::Metric::kTtft;
  domain::Statistic statistic = domain::Statistic::kMean;
  /// Benchmarks that have it.
  std::size_t predictions = 0;
  /// Median of |predicted / measured - 1|, given the measured concurrency and
  /// from the rate alone.
  double error = 0;
  double error_from_rate = 0;
  /// Share of benchmarks at most the one-sided 90 % bound, given the measured
  /// concurrency, and the median of that bound / prediction; absent where too
  /// few shapes were measured for one.
  std::optional<double> coverage = {};
  std::optional<double> width = {};
  std::optional<double> coverage_from_rate = {};
};

/// Steps of load at which TTFT p95 rises more than fourfold.
struct KneeScore {
  int knees = 0;
  /// A plan that must stay below twice the TTFT before the step does not cross
  /// it.
  int found = 0;
};

struct Scorecard {
  int shapes = 0;
  int benchmarks = 0;
  /// The default policy first. At limits on TTFT p95 and ITL p95 that were set
  /// before anything was measured, of a small model on one GPU;
  std::vector<DecisionScore> decisions = {};
  /// at such limits that lie in the middle of what was measured, whatever model
  /// it is;
  std::vector<DecisionScore> typical_decisions = {};
  /// and at limits on E2E p95 that these add up to for each shape.
  std::vector<DecisionScore> e2e_decisions = {};
  std::vector<LatencyScore> latencies = {};
  KneeScore knees = {};
};

/// Leaves one traffic shape of one configuration out at a time and compares
/// what is predicted for it with what was measured. Needs at least 3 shapes.
Scorecard Score(const std::vector<domain::Benchmark>& benchmarks);

/// As text for people, with the bars that the product must keep.
std::string Print(const Scorecard& scorecard);

}  // namespace loadline::bench
