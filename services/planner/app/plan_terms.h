#pragma once

#include "services/planner/app/checks.h"
#include "services/planner/app/plan_capacity.h"

/// The parts of a plan's request that say how sure, how bursty and how dear it
/// may be, and what counts. Each function checks one of them, adds what is
/// wrong to `violations`, and returns it with its default filled in.
namespace loadline::planner {

/// `fallback` where `asked` is absent. `confidence` must lie strictly between 0
/// and 1.
double CheckConfidence(std::optional<double> asked, double fallback, Violations* violations);

planning::Arrivals CheckArrivals(const planning::Arrivals& asked, Violations* violations);

/// The asked weights in proportion, adding up to 1; else those of `use_case`,
/// which may be null; else those of planning.
planning::RankingWeights CheckWeights(const std::optional<planning::RankingWeights>& asked,
                                      const domain::UseCase* use_case, Violations* violations);

/// Infinite where there is none.
double CheckBudget(std::optional<double> asked, Violations* violations);

}  // namespace loadline::planner
