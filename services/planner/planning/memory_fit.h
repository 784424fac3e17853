#pragma once

#include "libs/domain/catalog.h"
#include "services/planner/planning/plan.h"

namespace loadline::planning {

/// Whether one replica holds the weights, parameters x bits / 8 x 1.2, and
/// beside them the KV cache of one request of `shape`. Precision that is not
/// known counts as 16 bits. `model` and `hardware` may be null: unknown.
Memory FitMemory(const ConfigurationEvidence& configuration, const domain::Model* model,
                 const domain::Hardware* hardware, const domain::TrafficShape& shape);

}  // namespace loadline::planning
