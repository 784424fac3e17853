#pragma once

#include <vector>

#include "services/planner/planning/constraint.h"
#include "services/planner/planning/replanner.h"

namespace loadline::planning {

/// What to relax so that something is feasible, and what that then costs.
struct Alternative {
  std::vector<Constraint> relaxed;
  domain::Configuration configuration;
  int replicas = 0;
  double usd_per_month = 0;
};

/// The smallest set of constraints of an infeasible request that nothing keeps
/// together; with very many constraints, one that has none to spare. Plans at
/// most some 125 times.
std::vector<Constraint> SmallestConflict(const Replanner& planner, const PlanRequest& request,
                                         const std::vector<Handle>& handles);

/// What is feasible near an infeasible request: each constraint widened alone,
/// and all by the same factor, no more than needed within a hundredth. The
/// cheapest first, at most 5. Plans at most 11 times for each.
std::vector<Alternative> Alternatives(const Replanner& planner, const PlanRequest& request,
                                      const std::vector<Handle>& handles);

}  // namespace loadline::planning
