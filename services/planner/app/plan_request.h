#pragma once

#include <functional>
#include <memory>

#include "services/planner/app/plan_capacity.h"

namespace loadline::planner {

/// The evidence of the models that a query asks for, or why there is none. May
/// read it from the store at the first call; the same at each later one.
using QueriedEvidence = std::function<const base::Result<std::shared_ptr<const ModelList>>&()>;

/// `query` checked against `snapshot`, with defaults filled in and names made
/// canonical. Fails with every violation at once; then, if there is no
/// evidence, as `evidence` does; then with a name that is not known. A query
/// that is wrong reads no evidence, unless it names hardware that the catalogue
/// does not know.
base::Result<planning::PlanRequest> MakePlanRequest(const PlanQuery& query, const Snapshot& snapshot,
                                                    const QueriedEvidence& evidence);

}  // namespace loadline::planner
