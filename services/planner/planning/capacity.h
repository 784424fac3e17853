#pragma once

#include <optional>

#include "services/planner/planning/candidate.h"

namespace loadline::planning {

/// Why one replica carries nothing within the SLO.
struct Shortfall {
  RejectionReason reason = RejectionReason::kSlo;
  /// Index of the limit concerned.
  int limit = -1;
  /// Latency / limit, > 1; 0 where there is no such number.
  double miss_factor = 0;
  /// A fit says so, not a measurement.
  bool predicted = false;
};

/// Finds what one replica of `candidate` carries within the SLO: by its load
/// curve inside of what was measured, else, with MatchPolicy::kAuto, by its fit.
/// Sets its capacity, fitted_rps, correction, floor_rps and rescale; a
/// prediction is the most that it could be. `memory` is the candidate's.
std::optional<Shortfall> FindCapacity(Feasible& candidate, const Memory& memory, const PlanRequest& request);

/// Makes a prediction safe with the request's confidence.
void CalibrateCapacity(Feasible& candidate, const PlanRequest& request);

}  // namespace loadline::planning
