#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "libs/domain/benchmark.h"
#include "services/planner/planning/performance_fit.h"

namespace loadline::planning {

/// What predicts one configuration: its fit, and for each measured shape the
/// fit that has not seen it, against which predictions are calibrated. Made
/// once from the benchmarks; immutable.
struct PerformanceModel {
  PerformanceFit fit;
  /// By curve: the fit to all other curves. One without `HasStay()` had too few
  /// rows or shapes left.
  std::vector<PerformanceFit> without;
  /// By curve: the mean lengths of its benchmarks.
  std::vector<domain::TrafficShape> lengths;
  /// How near two shapes must be, as a distance in (ln I, ln O), for one to say
  /// much about errors at the other; chosen on the measured shapes themselves.
  double shape_bandwidth = 1;

  std::size_t heap_bytes() const;
};

/// The model of a configuration from its benchmarks, one span for each curve.
/// Saturated benchmarks do not count: a queue that grows for as long as the
/// run lasts says nothing of a steady state. Null if fewer than
/// PerformanceFit::kMinRows benchmarks over kMinShapes shapes are left, or they
/// do not tell how long requests stay. Bandwidths are not chosen yet.
std::shared_ptr<PerformanceModel> FitPerformance(std::span<const std::span<const domain::Benchmark* const>> curves);

}  // namespace loadline::planning
