#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "libs/domain/benchmark.h"
#include "libs/domain/slo.h"

namespace loadline::planning {

/// One benchmark of a load curve, as small as answers allow.
struct LoadPoint {
  domain::BenchmarkId id;
  domain::Origin origin = domain::Origin::kMeasured;
  bool saturated = false;
  domain::Revision revision = 0;
  double offered_rps = 0;        ///< NaN when absent.
  double achieved_rps = 0;       ///< Requests/s.
  double concurrency = 0;        ///< NaN when absent.
  double tokens_per_second = 0;  ///< NaN when absent.
};

/// How well a capacity is known; see planner_service.proto.
enum class CapacityKind { kExact, kLowerBound, kNone };

/// What one replica can carry on one curve.
struct CurveCapacity {
  CapacityKind kind = CapacityKind::kNone;
  /// Requests/s at the curve's shape; 0 for kNone.
  double rps = 0;
  /// Index into `slo.limits()` of the limit that is reached first (kExact) or
  /// fails at the lowest load (kNone); -1 for saturation or a lower bound.
  int binding_limit = -1;
  /// For kNone: latency / limit of the binding limit at the lowest load, > 1.
  double miss_factor = 0;
  /// A limit is on a metric or statistic that the curve does not have: its
  /// index, and nothing else is set. -1: all are there.
  int not_measured = -1;
};

/// All benchmarks of one configuration at one shape, ordered by load, in columns.
///
/// The curve proper consists of nodes: points that kept up, in order of achieved
/// rate (equal rates are one node, the worse latency counts), with latencies
/// made monotone by a running maximum. The first saturated point ends it: as a
/// last node where it achieved more than the others, else as a bound.
/// Immutable once built.
class LoadCurve {
 public:
  /// `benchmarks` are of one configuration and shape, at least one, any order.
  static LoadCurve Build(const std::vector<domain::Benchmark>& benchmarks);

  const domain::TrafficShape& shape() const { return shape_; }
  /// All points in order of (achieved rate, id).
  std::span<const LoadPoint> points() const { return points_; }
  /// A benchmark's latency as it was measured.
  domain::Reading MeasuredAt(std::size_t point, domain::Metric metric, domain::Statistic statistic) const;

  /// Achieved rates of the nodes, rising. Empty if every point is saturated at
  /// one rate only; never empty otherwise.
  std::span<const double> node_rates() const { return node_rates_; }

  /// The highest achieved rate within all of `slo`.
  CurveCapacity Capacity(const domain::Slo& slo) const;

  /// The latency at `rps` by monotone interpolation; below the first node that
  /// node's, above the last node the last node's. Absent where not measured.
  /// Never falls when `rps` rises.
  domain::Reading LatencyAt(domain::Metric metric, domain::Statistic statistic, double rps) const;

  /// Ids of the points that the curve at `rps` rests on: one node's or two
  /// neighbouring nodes'.
  std::vector<domain::BenchmarkId> EvidenceAt(double rps) const;

  /// Memory, in bytes.
  std::size_t bytes() const;

 private:
  domain::TrafficShape shape_;
  std::vector<LoadPoint> points_;
  std::vector<double> node_rates_;
};

}  // namespace loadline::planning
