#pragma once

#include "services/planner/app/plan_capacity.h"
#include "services/planner/planning/explanation.h"

namespace loadline::planner {

struct ExplainAnswer {
  PlanAnswer plan;
  planning::Explanation explanation;
};

/// Plans as PlanCapacity does and explains the plan; errors as in
/// planner_service.proto. Stops soon after the call's deadline and when its
/// caller is gone.
base::Result<ExplainAnswer> ExplainPlan(EvidenceCache& cache, const PlanQuery& query, const CallScope& scope);

}  // namespace loadline::planner
