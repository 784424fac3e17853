#pragma once

#include <ostream>

#include "cli/api.h"

namespace loadline::cli {

/// A plan as tables made for people, at most 120 columns wide: the options with
/// their cost and load; every limit at that load; the rest of the Pareto front;
/// what the numbers rest on; and how many configurations were rejected. Where
/// nothing is feasible: why, what came closest and what to try.
void PrintPlan(const planner_api::PlanCapacityResponse& plan, std::ostream& out);

}  // namespace loadline::cli
