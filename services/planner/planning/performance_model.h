#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "libs/domain/benchmark.h"
#include "services/planner/planning/load_curve.h"
#include "services/planner/planning/performance_fit.h"

namespace loadline::planning {

/// What predicts one configuration: its fit, and for each measured shape the
/// fit that has not seen it, against which predictions are calibrated. Made
/// once from the benchmarks; immutable.
struct PerformanceModel {
  PerformanceFit fit;
  /// By curve: the fit to all other curves. One without `HasStay()` had too few
  /// rows or shapes left; the list is empty where all are like that.
  std::vector<PerformanceFit> without;
  /// By curve: the mean lengths of its benchmarks.
  std::vector<domain::TrafficShape> lengths;
  /// How near two shapes must be, as a distance in (ln I, ln O), for one to say
  /// much about errors at the other; chosen on the measured shapes themselves.
  double shape_bandwidth = 1;

  /// The fit to all curves but one; null where nothing can be told without it.
  const PerformanceFit* Without(std::size_t curve) const {
    return curve < without.size() && without[curve].HasStay() ? &without[curve] : nullptr;
  }

  std::size_t heap_bytes() const;
};

/// The model of a configuration from its load curves, each with its benchmarks
/// by id.
/// Saturated benchmarks do not count: a queue that grows for as long as the
/// run lasts says nothing of a steady state. Null if fewer than
/// PerformanceFit::kMinRows benchmarks over kMinShapes shapes are left, or they
/// do not tell how long requests stay. Bandwidths are not chosen yet.
std::shared_ptr<PerformanceModel> FitPerformance(const std::vector<LoadCurve>& curves,
                                                 std::span<const std::span<const domain::Benchmark* const>> benchmarks);

}  // namespace loadline::planning
