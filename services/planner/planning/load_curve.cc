#include "services/planner/planning/load_curve.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace loadline::planning {
namespace {

using domain::Metric;
using domain::Reading;
using domain::Statistic;

bool SameRate(double a, double b) { return std::abs(a - b) <= 1e-9 * std::max(a, b); }

}  // namespace

struct LoadCurve::Walk {
  enum class End { kNothing, kFirstNode, kSegment, kPastLast };
  End end = End::kNothing;
  // The last node that was passed, or the first one for kFirstNode.
  CurveNode node;
  // The stretch in which the walk stopped, for kSegment.
  CurveSegment segment;
};

const double* LoadCurve::Column(Metric metric, Statistic statistic) const {
  const auto column =
      static_cast<std::size_t>(metric) * domain::kStatistics.size() + static_cast<std::size_t>(statistic);
  return latencies_.data() + column * points_.size();
}

Reading LoadCurve::MeasuredAt(std::size_t point, Metric metric, Statistic statistic) const {
  return Column(metric, statistic)[point];
}

double LoadCurve::NodeLatency(const double* column, std::size_t node) const {
  double worst = column[node_begin_[node]];
  for (std::size_t point = node_begin_[node] + 1; point < node_begin_[node + 1]; ++point) {
    worst = std::fmax(worst, column[point]);  // fmax prefers a number to NaN
  }
  return worst;
}

// Walks the nodes at which the column was measured, with the running maximum of
// its latency, until `stop(node)`; a further node is looked at for the slope.
template <typename Stop>
LoadCurve::Walk LoadCurve::WalkColumn(Metric metric, Statistic statistic, Stop stop) const {
  const double* column = Column(metric, statistic);
  Walk walk;
  double running = 0;
  for (std::size_t i = 0; i < node_rates_.size(); ++i) {
    const double latency = NodeLatency(column, i);
    if (std::isnan(latency)) continue;
    running = std::max(running, latency);
    const CurveNode node{node_rates_[i], running};
    if (walk.end == Walk::End::kSegment) {
      walk.segment.after = node;
      walk.segment.has_after = true;
      return walk;
    }
    if (!stop(node)) {
      walk.segment.has_before = walk.end == Walk::End::kPastLast;
      walk.segment.before = walk.node;
      walk.node = node;
      walk.end = Walk::End::kPastLast;
      continue;
    }
    if (walk.end == Walk::End::kNothing) return {.end = Walk::End::kFirstNode, .node = node, .segment = {}};
    walk.end = Walk::End::kSegment;
    walk.segment.left = walk.node;
    walk.segment.right = node;
  }
  return walk;
}

CurveCrossing LoadCurve::CrossingOf(Metric metric, Statistic statistic, double max_ms) const {
  const Walk walk = WalkColumn(metric, statistic, [&](const CurveNode& node) { return node.latency > max_ms; });
  using Kind = CurveCrossing::Kind;
  switch (walk.end) {
    case Walk::End::kNothing: break;
    case Walk::End::kFirstNode:
      return {.kind = Kind::kFailsAtFirst, .rps = walk.node.rate, .latency_ms = walk.node.latency};
    case Walk::End::kSegment: return {.kind = Kind::kCrosses, .rps = SegmentCubic(walk.segment).RateAt(max_ms)};
    case Walk::End::kPastLast: return {.kind = Kind::kHolds, .rps = walk.node.rate, .latency_ms = walk.node.latency};
  }
  return {};
}

CurveCapacity LoadCurve::Capacity(std::span<const domain::Limit> limits) const {
  CurveCapacity best{.kind = ends_saturated_ ? CapacityKind::kExact : CapacityKind::kLowerBound,
                     .rps = node_rates_.back()};
  for (std::size_t i = 0; i < limits.size(); ++i) {
    const domain::Limit& limit = limits[i];
    const CurveCrossing crossing = CrossingOf(limit.metric, limit.statistic, limit.max_ms);
    switch (crossing.kind) {
      case CurveCrossing::Kind::kNotMeasured: return {.not_measured = static_cast<int>(i)};
      case CurveCrossing::Kind::kFailsAtFirst: {
        const double factor = crossing.latency_ms / limit.max_ms;
        if (best.kind == CapacityKind::kNone && factor <= best.miss_factor) break;
        best = {.kind = CapacityKind::kNone, .binding_limit = static_cast<int>(i), .miss_factor = factor};
        break;
      }
      case CurveCrossing::Kind::kCrosses: {
        // A limit that fails right above a lower bound makes it exact.
        const bool bound = best.kind == CapacityKind::kLowerBound && crossing.rps == best.rps;
        if (best.kind == CapacityKind::kNone || (crossing.rps >= best.rps && !bound)) break;
        best = {.kind = CapacityKind::kExact, .rps = crossing.rps, .binding_limit = static_cast<int>(i)};
        break;
      }
      case CurveCrossing::Kind::kHolds:
        // Nodes beyond, at which this column was not measured, prove nothing.
        if (best.kind == CapacityKind::kNone || crossing.rps >= best.rps) break;
        best = {.kind = CapacityKind::kLowerBound, .rps = crossing.rps};
        break;
    }
  }
  return best;
}

Reading LoadCurve::LatencyAt(Metric metric, Statistic statistic, double rps) const {
  const Walk walk = WalkColumn(metric, statistic, [&](const CurveNode& node) { return node.rate >= rps; });
  switch (walk.end) {
    case Walk::End::kNothing: return {};
    case Walk::End::kSegment: return SegmentCubic(walk.segment).At(rps);
    case Walk::End::kFirstNode:
    case Walk::End::kPastLast: break;
  }
  return walk.node.latency;
}

// NaN where no point of it tells.
double LoadCurve::NodeInFlight(std::size_t node) const {
  double most = *points_[node_begin_[node]].concurrency;
  for (std::size_t point = node_begin_[node] + 1; point < node_begin_[node + 1]; ++point) {
    most = std::fmax(most, *points_[point].concurrency);
  }
  return most;
}

double LoadCurve::RateOfInFlight(double most, double rps) const {
  constexpr double kNowhere = std::numeric_limits<double>::infinity();
  const auto upper = std::lower_bound(node_rates_.begin(), node_rates_.end(), rps);
  if (upper == node_rates_.begin() || upper == node_rates_.end() || IsNode(rps)) return kNowhere;
  const auto right = static_cast<std::size_t>(upper - node_rates_.begin());
  const double below = NodeInFlight(right - 1);
  const double above = NodeInFlight(right);
  if (!(below <= most && most < above)) return kNowhere;
  const double part = (most - below) / (above - below);
  return node_rates_[right - 1] + part * (node_rates_[right] - node_rates_[right - 1]);
}

bool LoadCurve::IsNode(double rps) const {
  const auto node = std::lower_bound(node_rates_.begin(), node_rates_.end(), rps);
  if (node == node_rates_.begin()) return true;
  return (node != node_rates_.end() && SameRate(*node, rps)) || SameRate(*(node - 1), rps);
}

std::pair<std::size_t, std::size_t> LoadCurve::PointsAt(double rps) const {
  const auto at = std::lower_bound(node_rates_.begin(), node_rates_.end(), rps);
  auto right = static_cast<std::size_t>(at - node_rates_.begin());
  right = std::min(right, node_rates_.size() - 1);
  std::size_t left = right;
  if (right > 0 && SameRate(node_rates_[right - 1], rps)) {
    left = right = right - 1;
  } else if (right > 0 && rps < node_rates_[right] && !SameRate(node_rates_[right], rps)) {
    left = right - 1;
  }
  return {node_begin_[left], node_begin_[right + 1]};
}

void LoadCurve::Prefetch(const domain::Slo& slo) const {
  for (const domain::Limit& limit : slo.limits()) {
    const double* column = Column(limit.metric, limit.statistic);
    __builtin_prefetch(column);
    __builtin_prefetch(column + 7);  // a column of 8 rarely starts a cache line
  }
  __builtin_prefetch(node_rates_.data());
  __builtin_prefetch(node_begin_.data());
}

std::size_t LoadCurve::heap_bytes() const {
  return points_.capacity() * sizeof(LoadPoint) + latencies_.capacity() * sizeof(double) +
         node_rates_.capacity() * sizeof(double) + node_begin_.capacity() * sizeof(std::uint32_t);
}

}  // namespace loadline::planning
