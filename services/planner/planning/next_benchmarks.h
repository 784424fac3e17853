#pragma once

#include <string>
#include <vector>

#include "services/planner/planning/replanner.h"

namespace loadline::planning {

/// A benchmark that is worth running.
struct NextBenchmark {
  domain::Configuration configuration;
  domain::TrafficShape shape;
  /// Requests/s of one replica.
  double rps = 0;
  double expected_saving_usd_per_month = 0;
  std::string reason;
};

/// The benchmarks that are expected to save most, of the best 20 options of a
/// feasible request: the expected value of knowing a capacity that is only
/// predicted, bounded or taken from another shape. The one that is worth most
/// first; at most 3. Plans twice.
std::vector<NextBenchmark> NextBenchmarks(const Replanner& planner, const PlanRequest& request);

}  // namespace loadline::planning
