#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "services/planner/planning/load_curve.h"

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

}  // namespace

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

}  // namespace loadline::planning
