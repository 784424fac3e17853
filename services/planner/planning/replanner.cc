#include "services/planner/planning/replanner.h"

#include <utility>

namespace loadline::planning {

bool Replanner::Goes() const {
  stopped_ = stopped_ || stop_();
  return !stopped_;
}

std::optional<PlanOption> Replanner::Cheapest(PlanRequest request) const {
  request.weights = {};
  auto best = Best(std::move(request), 1);
  if (best.empty()) return std::nullopt;
  return std::move(best.front());
}

bool Replanner::Feasible(const PlanRequest& request) const {
  return Goes() && AnyFeasible(evidence_, catalog_, request);
}

std::vector<PlanOption> Replanner::Best(PlanRequest request, int count) const {
  if (!Goes()) return {};
  request.top_n = count;
  request.rejection_count = 0;
  return PlanCapacity(evidence_, catalog_, request).options;
}

}  // namespace loadline::planning
