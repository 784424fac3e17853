#include "services/planner/planning/latency_errors.h"

#include <algorithm>
#include <cmath>

#include "services/planner/planning/shape_fit.h"

namespace loadline::planning {
namespace {

using Shapes = std::vector<std::vector<double>>;

struct Score {
  double value = 0;
  double weight = 0;
  std::size_t shape = 0;
};

// All scores by value, each shape weighing the same.
std::vector<Score> Pool(const Shapes& shapes) {
  std::vector<Score> pool;
  for (std::size_t shape = 0; shape < shapes.size(); ++shape) {
    for (const double value : shapes[shape]) {
      pool.push_back({value, 1 / static_cast<double>(shapes[shape].size()), shape});
    }
  }
  std::sort(pool.begin(), pool.end(), [](const Score& a, const Score& b) { return a.value < b.value; });
  return pool;
}

// The value at or below which `level` of the weight lies, not counting a shape.
double Quantile(const std::vector<Score>& pool, double level, double total, std::size_t left_out) {
  double below = 0;
  double last = 0;
  for (const Score& score : pool) {
    if (score.shape == left_out) continue;
    below += score.weight;
    last = score.value;
    if (below >= level * total * (1 - 1e-12)) return score.value;
  }
  return last;
}

// The share of a shape's scores that are at most what the others' quantile is.
double Coverage(const Shapes& shapes, const std::vector<Score>& pool, double level) {
  double covered = 0;
  const auto others = static_cast<double>(shapes.size() - 1);
  for (std::size_t shape = 0; shape < shapes.size(); ++shape) {
    const double bound = Quantile(pool, level, others, shape);
    const auto& scores = shapes[shape];
    const auto within = std::count_if(scores.begin(), scores.end(), [&](double score) { return score <= bound; });
    covered += static_cast<double>(within) / static_cast<double>(scores.size());
  }
  return covered / static_cast<double>(shapes.size());
}

// The quantile that would have covered `confidence` of each shape's scores had
// it been left out: a little more than `confidence`, as new shapes differ more
// than those seen.
double UpperBound(const Shapes& shapes, double confidence) {
  constexpr double kStep = 0.005;
  const auto pool = Pool(shapes);
  double level = confidence;
  while (level < 1 && Coverage(shapes, pool, level) < confidence) level += kStep;
  return Quantile(pool, std::min(level, 1.0), static_cast<double>(shapes.size()), shapes.size());
}

Shapes Negated(Shapes shapes) {
  for (auto& scores : shapes) {
    for (double& score : scores) score = -score;
  }
  return shapes;
}

}  // namespace

LatencyErrors LatencyErrors::Of(const ConfigurationEvidence& configuration, domain::Metric metric,
                                domain::Statistic statistic, LoadGiven given) {
  LatencyErrors errors;
  const PerformanceModel& model = *configuration.performance;
  for (std::size_t i = 0; i < configuration.curves.size(); ++i) {
    const PerformanceFit* without = model.Without(i);
    if (without == nullptr || !without->Has(metric, statistic)) continue;
    const ShapeFit fit(*without, model.lengths[i]);
    const auto points = configuration.curves[i].points();
    std::vector<double> scores;
    for (std::size_t point = 0; point < points.size(); ++point) {
      const auto measured = configuration.curves[i].MeasuredAt(point, metric, statistic);
      if (!measured || points[point].saturated) continue;
      const double rps = *points[point].achieved_rps;
      const bool known = given == LoadGiven::kConcurrency && points[point].concurrency;
      const double in_flight = known ? *points[point].concurrency : fit.InFlightAt(rps);
      // Saturated by the fit: infinitely slow, so no bound was broken.
      const double predicted = std::isinf(in_flight) ? in_flight : *fit.LatencyAt(metric, statistic, in_flight, rps);
      scores.push_back(std::log(*measured / predicted));
    }
    if (!scores.empty()) errors.shapes_.push_back(std::move(scores));
  }
  return errors;
}

LatencyErrors LatencyErrors::FromScores(std::vector<std::vector<double>> shapes) {
  LatencyErrors errors;
  errors.shapes_ = std::move(shapes);
  return errors;
}

std::optional<Interval> LatencyErrors::Factors(double confidence, double reach) const {
  const double needed = std::ceil(confidence / (1 - confidence) * (1 - 1e-12));
  if (shapes_.size() < 2 || reach * static_cast<double>(shapes_.size()) < needed) return std::nullopt;
  const double upper = UpperBound(shapes_, confidence);
  const double lower = -UpperBound(Negated(shapes_), confidence);
  return Interval{.lower = std::exp(std::min(lower, upper)), .upper = std::exp(upper)};
}

}  // namespace loadline::planning
