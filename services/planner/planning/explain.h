#pragma once

#include "services/planner/planning/candidate.h"
#include "services/planner/planning/plan.h"

namespace loadline::planning {

/// The option in full: latencies, margins, cost, memory and evidence at the
/// load that each replica will carry.
PlanOption ExplainOption(const Feasible& candidate, const PlanRequest& request);

/// Why a configuration is not an option, in numbers and in words.
Rejection ExplainRejection(const Infeasible& candidate, const PlanRequest& request);

}  // namespace loadline::planning
