#pragma once

#include "libs/domain/catalog.h"
#include "services/planner/planning/plan.h"

namespace loadline::planning {

/// Whether one replica holds the weights, parameters x bits / 8 x 1.2, and
/// beside them the KV cache of one request of `shape`. Precision that is not
/// known counts as 16 bits. `model` and `hardware` may be null: unknown.
Memory FitMemory(const ConfigurationEvidence& configuration, const domain::Model* model,
                 const domain::Hardware* hardware, const domain::TrafficShape& shape);

/// The most requests in flight whose tokens the KV cache holds, with a tenth to
/// spare: beyond, requests are preempted and latencies jump. Infinite where the
/// cache's size is not known.
double MostInFlight(const Memory& memory, const domain::TrafficShape& shape);

}  // namespace loadline::planning
