#include "services/planner/planning/load_curve.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

namespace loadline::planning {
namespace {

using domain::Benchmark;
using domain::Metric;
using domain::Reading;
using domain::Statistic;

constexpr double kSameRate = 1.005;
constexpr double kLostThroughput = 0.98;
constexpr std::size_t kColumns = domain::kMetrics.size() * domain::kStatistics.size();

using Rows = std::vector<const Benchmark*>;

double Achieved(const Benchmark* row) { return *row->measurement.load.achieved_rps; }

// A run without any limit on its load: there is no more to be had.
bool IsUnlimited(const Benchmark* row) {
  const auto& load = row->measurement.load;
  return load.saturated && !load.concurrency && !load.offered_rps;
}

bool AllHave(std::span<const Benchmark* const> rows, Reading domain::Load::*field) {
  return std::all_of(rows.begin(), rows.end(), [&](const Benchmark* row) {
    return (row->measurement.load.*field).has_value() || IsUnlimited(row);
  });
}

// What orders the runs by how hard they pushed: requests in flight say it best.
Reading domain::Load::*LoadField(std::span<const Benchmark* const> rows) {
  if (AllHave(rows, &domain::Load::concurrency)) return &domain::Load::concurrency;
  if (AllHave(rows, &domain::Load::offered_rps)) return &domain::Load::offered_rps;
  return &domain::Load::achieved_rps;
}

double LoadOf(const Benchmark* row, Reading domain::Load::*field) {
  const Reading load = row->measurement.load.*field;
  return load ? *load : std::numeric_limits<double>::infinity();
}

struct Split {
  Rows kept_up;  // by achieved rate and id
  Rows bounds;   // saturated, at no less load than any that kept up; by load
  Rows passed;   // saturated, but others kept up under more load; by load
};

Rows ByLoad(std::span<const Benchmark* const> benchmarks, Reading domain::Load::*field) {
  Rows rows(benchmarks.begin(), benchmarks.end());
  std::sort(rows.begin(), rows.end(), [field](const Benchmark* a, const Benchmark* b) {
    return std::tuple(LoadOf(a, field), Achieved(a), a->id) < std::tuple(LoadOf(b, field), Achieved(b), b->id);
  });
  return rows;
}

Split SplitBySaturation(std::span<const Benchmark* const> benchmarks) {
  const auto field = LoadField(benchmarks);
  Split split;
  Rows saturated;
  double best = 0;
  double most_kept_up = 0;  // load
  for (const Benchmark* row : ByLoad(benchmarks, field)) {
    const bool lost = row->measurement.load.saturated || Achieved(row) < kLostThroughput * best;
    (lost ? saturated : split.kept_up).push_back(row);
    best = std::max(best, Achieved(row));
    if (!lost) most_kept_up = LoadOf(row, field);
  }
  for (const Benchmark* row : saturated) {
    (LoadOf(row, field) < most_kept_up ? split.passed : split.bounds).push_back(row);
  }
  std::sort(split.kept_up.begin(), split.kept_up.end(), [](const Benchmark* a, const Benchmark* b) {
    return std::tuple(Achieved(a), a->id) < std::tuple(Achieved(b), b->id);
  });
  return split;
}

// Nodes come first, so that those of one node are neighbours.
Rows InPointOrder(const Split& split) {
  Rows rows = split.kept_up;
  rows.insert(rows.end(), split.bounds.begin(), split.bounds.end());
  rows.insert(rows.end(), split.passed.begin(), split.passed.end());
  return rows;
}

LoadPoint PointOf(const Benchmark& row, bool saturated) {
  const auto& load = row.measurement.load;
  return {.id = row.id,
          .origin = row.measurement.provenance.origin,
          .saturated = saturated,
          .revision = row.revision,
          .offered_rps = load.offered_rps,
          .achieved_rps = load.achieved_rps,
          .concurrency = load.concurrency,
          .tokens_per_second = row.measurement.tokens_per_second};
}

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

LoadCurve LoadCurve::Build(std::span<const Benchmark* const> benchmarks) {
  const Split split = SplitBySaturation(benchmarks);
  LoadCurve curve;
  curve.shape_ = benchmarks.front()->shape;
  curve.points_.reserve(benchmarks.size());
  const Rows rows = InPointOrder(split);
  for (const Benchmark* row : rows)
    curve.points_.push_back(PointOf(*row, curve.points_.size() >= split.kept_up.size()));

  for (std::size_t i = 0; i < split.kept_up.size(); ++i) {
    const double rate = Achieved(split.kept_up[i]);
    if (!curve.node_rates_.empty() && rate <= curve.node_rates_.back() * kSameRate) continue;
    curve.node_rates_.push_back(rate);
    curve.node_begin_.push_back(static_cast<std::uint32_t>(i));
  }
  std::size_t end = split.kept_up.size();
  if (!split.bounds.empty()) {
    curve.ends_saturated_ = true;
    const double rate = Achieved(split.bounds.front());
    if (curve.node_rates_.empty() || rate > curve.node_rates_.back() * kSameRate) {
      curve.node_rates_.push_back(rate);
      curve.node_begin_.push_back(static_cast<std::uint32_t>(end++));
    }
  }
  curve.node_begin_.push_back(static_cast<std::uint32_t>(end));

  curve.latencies_.reserve(kColumns * rows.size());
  for (const Metric metric : domain::kMetrics) {
    for (const Statistic statistic : domain::kStatistics) {
      for (const Benchmark* row : rows) curve.latencies_.push_back(*row->measurement[metric][statistic]);
    }
  }
  curve.node_rates_.shrink_to_fit();
  curve.node_begin_.shrink_to_fit();
  return curve;
}

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
