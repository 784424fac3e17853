#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "libs/domain/latency.h"
#include "services/planner/planning/model_evidence.h"
#include "services/planner/planning/prediction.h"

namespace loadline::planning {

/// What a prediction of a latency starts from.
enum class LoadGiven { kConcurrency, kRate };

/// How far off the predictions of one latency are: s = ln(measured / predicted
/// by the fit without that shape) for every benchmark. Intervals come from
/// split-conformal prediction grouped by shape (Vovk; Lei et al. 2018): all
/// benchmarks of a shape err together, so shapes count, not benchmarks.
/// A plain value.
class LatencyErrors {
 public:
  /// `configuration.performance` must be there.
  static LatencyErrors Of(const ConfigurationEvidence& configuration, domain::Metric metric,
                          domain::Statistic statistic, LoadGiven given);

  /// From scores, one list for each shape; none is empty.
  static LatencyErrors FromScores(std::vector<std::vector<double>> shapes);

  /// The factors of a prediction between which the latency lies: below `upper`
  /// with probability `confidence`, above `lower` likewise. Absent with fewer
  /// than confidence / (1 - confidence) shapes: 9 for 0.9, 19 for 0.95. Only
  /// `reach` of the shapes count; see ReachOf.
  std::optional<Interval> Factors(double confidence, double reach = 1) const;

  /// Measured shapes that took part.
  std::size_t shapes() const { return shapes_.size(); }

 private:
  // Scores of one shape, in order.
  std::vector<std::vector<double>> shapes_;
};

}  // namespace loadline::planning
