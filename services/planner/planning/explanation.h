#pragma once

#include <optional>
#include <string>
#include <vector>

#include "services/planner/planning/plan.h"
#include "services/planner/planning/ranking_report.h"

namespace loadline::planning {

enum class ConstraintKind { kSloLimit, kGpuInventory, kBudget, kMemory };

/// Something that limits a plan, such as `itl:p95<40ms`, `max_gpus[H100]=16`,
/// `budget_usd_per_month=10000`.
struct Constraint {
  ConstraintKind kind = ConstraintKind::kSloLimit;
  std::string text;

  friend bool operator==(const Constraint&, const Constraint&) = default;
};

/// What relaxing one limit by 10 % would save.
struct ShadowPrice {
  Constraint constraint;
  Constraint relaxed;
  /// Of the cheapest plan then.
  double usd_per_month = 0;
  double saved_usd_per_month = 0;
};

/// What to relax so that something is feasible, and what that then costs.
struct Alternative {
  std::vector<Constraint> relaxed;
  domain::Configuration configuration;
  int replicas = 0;
  double usd_per_month = 0;
};

/// A benchmark that is worth running.
struct NextBenchmark {
  domain::Configuration configuration;
  domain::TrafficShape shape;
  /// Requests/s of one replica.
  double rps = 0;
  double expected_saving_usd_per_month = 0;
  std::string reason;
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
/// and never more than 400. Pure.
Explanation Explain(const std::vector<std::shared_ptr<const ModelEvidence>>& evidence, const PlanningCatalog& catalog,
                    const PlanRequest& request, const Plan& plan);

}  // namespace loadline::planning
