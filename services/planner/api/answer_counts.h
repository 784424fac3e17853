#pragma once

#include <atomic>
#include <cstdint>

#include "libs/telemetry/histogram.h"
#include "services/planner/app/match_benchmark.h"
#include "services/planner/app/plan_capacity.h"

namespace loadline::planner {

/// Counts answers; for metrics. Thread-safe.
class AnswerCounts {
 public:
  void Count(const MatchAnswer& answer) { distances_.Observe(answer.match.distance); }
  void Count(const PlanAnswer& answer) {
    ++(answer.plan.feasible > 0 ? feasible_ : infeasible_);
    if (!answer.plan.options.empty()) distances_.Observe(answer.plan.options.front().evidence.distance);
  }

  std::int64_t feasible_plans() const { return feasible_; }
  std::int64_t infeasible_plans() const { return infeasible_; }
  /// Of matches, and of the best option of each plan.
  telemetry::Buckets distances() const { return distances_.Read(); }

 private:
  std::atomic<std::int64_t> feasible_ = 0;
  std::atomic<std::int64_t> infeasible_ = 0;
  // 0 is a measurement of just that traffic; 1 is twice or none of the tokens.
  telemetry::Histogram distances_{{0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10}};
};

}  // namespace loadline::planner
