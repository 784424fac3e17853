#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "services/planner/planning/plan.h"

namespace loadline::planning {

enum class ConstraintKind { kSloLimit, kGpuInventory, kBudget, kMemory };

/// Something that limits a plan, such as `itl:p95<40ms`, `max_gpus[H100]=16`,
/// `budget_usd_per_month=10000`.
struct Constraint {
  ConstraintKind kind = ConstraintKind::kSloLimit;
  std::string text;

  friend bool operator==(const Constraint&, const Constraint&) = default;
};

/// One constraint of a request, as it is and as it may be changed.
struct Handle {
  Constraint constraint;
  /// The request with the constraint `factor` times as wide.
  std::function<PlanRequest(const PlanRequest&, double factor)> relax;
  /// The request without it.
  std::function<PlanRequest(const PlanRequest&)> drop;
  /// The constraint at that width.
  std::function<Constraint(double factor)> at;
};

/// The constraints of a request: limits of the SLO (at most 15), then GPU types
/// with a cap (at most 8), then the budget.
std::vector<Handle> HandlesOf(const PlanRequest& request);

/// The request with some of its constraints only, by position in `handles`.
PlanRequest Keep(const PlanRequest& request, const std::vector<Handle>& handles, const std::vector<std::size_t>& kept);

}  // namespace loadline::planning
