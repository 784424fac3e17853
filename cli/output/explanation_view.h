#pragma once

#include <ostream>

#include "cli/api.h"

namespace loadline::cli {

/// The plan, and then why it is as it is.
void PrintExplainedPlan(const planner_api::ExplainPlanResponse& explained, std::ostream& out);

}  // namespace loadline::cli
