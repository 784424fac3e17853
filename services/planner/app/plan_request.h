#pragma once

#include "services/planner/app/names.h"
#include "services/planner/app/plan_capacity.h"

namespace loadline::planner {

/// `query` checked against `snapshot`, with defaults filled in and names made
/// canonical. Fails with every violation at once; then, if there is no
/// evidence, as `evidence` does; then with a name that is not known. A query
/// that is wrong reads no evidence, unless it names hardware that the catalogue
/// does not know.
base::Result<planning::PlanRequest> MakePlanRequest(const PlanQuery& query, const Snapshot& snapshot,
                                                    const QueriedEvidence& evidence);

}  // namespace loadline::planner
