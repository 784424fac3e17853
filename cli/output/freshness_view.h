#pragma once

#include <ostream>

#include "cli/api.h"

namespace loadline::cli {

/// The revision that an answer rests on, and a warning where the planner could
/// not make sure that it is the newest.
void PrintFreshness(const planner_api::Freshness& freshness, std::ostream& out);

}  // namespace loadline::cli
