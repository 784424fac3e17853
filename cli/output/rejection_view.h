#pragma once

#include <ostream>

#include "cli/api.h"

/// The part of a plan that is about what cannot be used.
namespace loadline::cli {

/// That nothing is feasible, what came closest, and what to try.
void PrintInfeasible(const planner_api::PlanCapacityResponse& plan, std::ostream& out);

/// How many configurations were looked at, and why how many were rejected.
void PrintCandidates(const planner_api::PlanCapacityResponse& plan, std::ostream& out);

/// The rejections that were asked for, if any.
void PrintRejections(const planner_api::PlanCapacityResponse& plan, std::ostream& out);

}  // namespace loadline::cli
