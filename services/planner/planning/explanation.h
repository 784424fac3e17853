#pragma once

#include <optional>
#include <vector>

#include "services/planner/planning/constraint.h"
#include "services/planner/planning/infeasibility.h"
#include "services/planner/planning/next_benchmarks.h"
#include "services/planner/planning/ranking_report.h"
#include "services/planner/planning/replanner.h"

namespace loadline::planning {

/// What relaxing one limit by 10 % would save.
struct ShadowPrice {
  Constraint constraint;
  Constraint relaxed;
  /// Of the cheapest plan then.
  double usd_per_month = 0;
  double saved_usd_per_month = 0;
};

/// Why a plan is as it is.
struct Explanation {
  /// What limits the first option.
  std::optional<Constraint> binding;
  /// Of a feasible request: one for each limit of the SLO and each GPU type
  /// with a cap (at most 8 of them).
  std::vector<ShadowPrice> shadow_prices;
  /// Of an infeasible request: the smallest set of constraints that nothing
  /// keeps together; with very many constraints, one that has none to spare.
  std::vector<Constraint> conflict;
  /// Of an infeasible request, the cheapest first; at most 5.
  std::vector<Alternative> alternatives;
  /// The one that is worth most first; at most 3.
  std::vector<NextBenchmark> next_benchmarks;
  RankingReport ranking;
};

/// Explains `plan`, which is that of `request`. Plans again, some tens of times
/// and never more than 400; nullopt if it was to stop before it was done. Pure
/// but for asking `stop`.
std::optional<Explanation> Explain(
    const Replanner::EvidenceList& evidence, const PlanningCatalog& catalog, const PlanRequest& request,
    const Plan& plan, const Stop& stop = [] { return false; });

}  // namespace loadline::planning
