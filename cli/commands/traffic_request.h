#pragma once

#include "cli/api.h"
#include "cli/traffic/read_trace.h"

namespace loadline::cli {

/// Asks for `profile` at its peak: rate, lengths and burstiness. What `request`
/// says already of rate and burstiness stays.
void SetTraffic(const TrafficProfile& profile, planner_api::PlanCapacityRequest* request);

}  // namespace loadline::cli
