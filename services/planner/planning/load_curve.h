#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "libs/domain/benchmark.h"
#include "libs/domain/slo.h"
#include "services/planner/planning/pchip.h"

namespace loadline::planning {

/// One benchmark of a load curve, without its latencies.
struct LoadPoint {
  domain::BenchmarkId id;
  domain::Origin origin = domain::Origin::kMeasured;
  bool saturated = false;
  domain::Revision revision = 0;
  domain::Reading offered_rps;
  domain::Reading achieved_rps;
  domain::Reading concurrency;
  domain::Reading tokens_per_second;
};

/// How well a capacity is known; see planner_service.proto.
enum class CapacityKind { kExact, kLowerBound, kPredicted, kNone };

/// What one replica can carry on one curve.
struct CurveCapacity {
  CapacityKind kind = CapacityKind::kNone;
  /// Requests/s at the curve's shape; 0 for kNone.
  double rps = 0;
  /// Index into the limits of the one that is reached first (kExact) or
  /// fails at the lowest load (kNone); -1 for saturation or a lower bound.
  int binding_limit = -1;
  /// For kNone: latency / limit of the binding limit at the lowest load, > 1.
  double miss_factor = 0;
  /// Index of a limit on a metric or statistic that the curve does not have;
  /// then nothing else is set. -1: all are there.
  int not_measured = -1;
};

/// Where one latency of a curve reaches a limit.
struct CurveCrossing {
  enum class Kind {
    kNotMeasured,
    /// Above the limit already at the first node.
    kFailsAtFirst,
    /// Between two nodes.
    kCrosses,
    /// Within the limit at all nodes where it was measured.
    kHolds
  };
  Kind kind = Kind::kNotMeasured;
  /// Achieved requests/s of the crossing, or of the first or last node.
  double rps = 0;
  /// The latency at that node, in ms; not set for kCrosses.
  double latency_ms = 0;
};

/// All benchmarks of one configuration at one shape, in columns.
///
/// The curve proper runs through nodes: the points that kept up, by achieved
/// rate, rates within 0.5 % being one node of which the worst latency counts.
/// A point is saturated if it is marked so, or if more load than another point's
/// brought 2 % less throughput. Saturated points under less load than one that
/// kept up prove nothing and are passed over; the least loaded of the others ends
/// the curve: as a last node where it achieved more than the nodes, else as a
/// bound.
/// Along the nodes the running maximum of the latency counts, so a curve never
/// falls; between them it is a PCHIP interpolant. A node without the asked
/// metric and statistic is passed over.
///
/// Immutable once built; a plain value.
class LoadCurve {
 public:
  /// `benchmarks` are of one configuration and shape, at least one, in any
  /// order.
  static LoadCurve Build(std::span<const domain::Benchmark* const> benchmarks);

  const domain::TrafficShape& shape() const { return shape_; }
  /// All points: those of the nodes by (achieved rate, id), then saturated
  /// ones by load, those that are passed over last.
  std::span<const LoadPoint> points() const { return points_; }
  /// A benchmark's latency as it was measured.
  domain::Reading MeasuredAt(std::size_t point, domain::Metric metric, domain::Statistic statistic) const;

  /// Achieved rates of the nodes, rising; at least one.
  std::span<const double> node_rates() const { return node_rates_; }

  /// Requests in flight at the last node; absent where not measured.
  domain::Reading EndInFlight() const { return NodeInFlight(node_rates_.size() - 1); }

  /// True if the curve's end is the most that can be served.
  bool ends_saturated() const { return ends_saturated_; }

  /// Where a latency exceeds `max_ms` first.
  CurveCrossing CrossingOf(domain::Metric metric, domain::Statistic statistic, double max_ms) const;

  /// The highest achieved rate within all `limits`.
  CurveCapacity Capacity(std::span<const domain::Limit> limits) const;
  CurveCapacity Capacity(const domain::Slo& slo) const { return Capacity(slo.limits()); }

  /// The latency at `rps`: below the first node that node's, above the last
  /// node the last one's. Absent where not measured. Never falls as `rps`
  /// rises.
  domain::Reading LatencyAt(domain::Metric metric, domain::Statistic statistic, double rps) const;

  /// Between the two nodes around `rps`, of which the lower one has at most `most`
  /// requests in flight and the upper one more: the rate at which `most` are
  /// reached, by a straight line. As requests in flight rise ever faster, really
  /// no less. Infinite elsewhere, and where they were not measured.
  double RateOfInFlight(double most, double rps) const;

  /// True if `rps` is the rate of a node, or below the first.
  bool IsNode(double rps) const;

  /// Indices of the points that the curve at `rps` rests on: those of one node
  /// or of two neighbouring ones.
  std::pair<std::size_t, std::size_t> PointsAt(double rps) const;

  /// Asks the processor to fetch what `Capacity(slo)` will read; a hint.
  void Prefetch(const domain::Slo& slo) const;

  /// Memory that it takes beside itself, in bytes.
  std::size_t heap_bytes() const;

 private:
  // Where a walk along one column stopped.
  struct Walk;
  template <typename Stop>
  Walk WalkColumn(domain::Metric metric, domain::Statistic statistic, Stop stop) const;
  double NodeLatency(const double* column, std::size_t node) const;
  double NodeInFlight(std::size_t node) const;
  const double* Column(domain::Metric metric, domain::Statistic statistic) const;

  domain::TrafficShape shape_;
  std::vector<LoadPoint> points_;
  // Latencies by metric, statistic, point; NaN where absent.
  std::vector<double> latencies_;
  std::vector<double> node_rates_;
  // Index of the first point of each node, and one past the last node's.
  std::vector<std::uint32_t> node_begin_;
  // A saturated point ends the curve, so its end is the most there is.
  bool ends_saturated_ = false;
};

}  // namespace loadline::planning
