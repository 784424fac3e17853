#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "libs/domain/filter.h"
#include "services/planner/planning/model_evidence.h"

namespace loadline::planning {

/// The benchmark nearest to some traffic. Points into the evidence.
struct Match {
  const ConfigurationEvidence* configuration = nullptr;
  const LoadCurve* curve = nullptr;
  /// Index into `curve->points()`.
  std::size_t point = 0;
  double distance = 0;
};

/// The curve of `configuration` whose shape is nearest to `asked`; ties go to
/// the smaller shape. `curves` must not be empty.
const LoadCurve& ClosestCurve(const ConfigurationEvidence& configuration, const domain::TrafficShape& asked,
                              double* distance);

/// The nearest benchmark that passes `filter` (its shape is not looked at).
/// Ties go to the smallest configuration, then shape, then the achieved rate
/// nearest to `rps` (the lowest, where absent), then the lower rate, then the
/// smallest id. Nullopt if nothing passes.
std::optional<Match> FindClosest(const std::vector<std::shared_ptr<const ModelEvidence>>& evidence,
                                 const domain::BenchmarkFilter& filter, const domain::TrafficShape& asked,
                                 std::optional<double> rps);

}  // namespace loadline::planning
