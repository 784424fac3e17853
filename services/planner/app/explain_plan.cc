#include "services/planner/app/explain_plan.h"

#include <utility>

namespace loadline::planner {

base::Result<ExplainAnswer> ExplainPlan(EvidenceCache& cache, const PlanQuery& query, const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(auto made, PlanOnEvidence(cache, query, scope));
  const auto stop = [&scope] { return !CheckTime(scope); };
  auto explanation =
      planning::Explain(*made.evidence, made.catalog->planning, made.answer.request, made.answer.plan, stop);
  if (!explanation) return base::Fail(CheckTime(scope).error());
  return ExplainAnswer{.plan = std::move(made.answer), .explanation = *std::move(explanation)};
}

}  // namespace loadline::planner
