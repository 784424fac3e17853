#pragma once

#include <ostream>

#include "cli/api.h"

namespace loadline::cli {

/// The latencies of one replica, each with its range and what it rests on.
void PrintPrediction(const planner_api::PredictPerformanceResponse& prediction, std::ostream& out);

}  // namespace loadline::cli
