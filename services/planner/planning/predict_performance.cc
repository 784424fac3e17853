#include "services/planner/planning/predict_performance.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "services/planner/planning/latency_errors.h"
#include "services/planner/planning/match.h"
#include "services/planner/planning/memory_fit.h"
#include "services/planner/planning/replica.h"
#include "services/planner/planning/shape_fit.h"

namespace loadline::planning {
namespace {

using domain::Metric;
using domain::Statistic;
using Answer = std::variant<Performance, NoPerformance>;

template <typename Set>
void ForEachLatency(Set set) {
  for (const Metric metric : domain::kMetrics) {
    for (const Statistic statistic : domain::kStatistics) set(metric, statistic);
  }
}

void AddEvidence(const LoadCurve& curve, std::pair<std::size_t, std::size_t> points, Evidence& evidence) {
  for (std::size_t i = points.first; i < points.second; ++i) {
    evidence.benchmark_ids.push_back(curve.points()[i].id);
    evidence.origin = std::max(evidence.origin, curve.points()[i].origin);
  }
}

// The rate at which a curve has some requests in flight, between two points
// where that was measured; absent outside of them.
std::optional<double> RateOf(const LoadCurve& curve, double in_flight) {
  const LoadPoint* below = nullptr;
  for (const LoadPoint& point : curve.points()) {
    if (point.saturated || !point.concurrency) continue;
    if (*point.concurrency == in_flight) return *point.achieved_rps;
    if (*point.concurrency > in_flight) {
      if (below == nullptr) return std::nullopt;
      const double part = (in_flight - *below->concurrency) / (*point.concurrency - *below->concurrency);
      return *below->achieved_rps + part * (*point.achieved_rps - *below->achieved_rps);
    }
    below = &point;
  }
  return std::nullopt;
}

// The asked load as a rate on the curve of the asked shape; absent where that
// was not measured.
std::optional<double> MeasuredRate(const LoadCurve& curve, const PerformanceRequest& request) {
  if (request.concurrency) return RateOf(curve, *request.concurrency);
  const auto rates = curve.node_rates();
  if (*request.rps < rates.front() || *request.rps > rates.back()) return std::nullopt;
  return request.rps;
}

Performance Interpolate(const LoadCurve& curve, double rps) {
  Performance performance{.rps = rps, .concurrency = {}, .latencies = {}, .evidence = {}};
  const Basis basis = curve.IsNode(rps) ? Basis::kMeasured : Basis::kInterpolated;
  const Replica replica(curve, 1, nullptr);
  for (const Metric metric : domain::kMetrics) {
    const auto summary = replica.SummaryAt(metric, rps);
    for (const Statistic statistic : domain::kStatistics) {
      if (!summary[statistic]) continue;
      performance.At(metric, statistic) = PredictedLatency{.ms = *summary[statistic], .basis = basis};
    }
  }
  performance.evidence.shape = curve.shape();
  AddEvidence(curve, curve.PointsAt(rps), performance.evidence);
  return performance;
}

// Every benchmark that the fit rests on.
Evidence AllEvidence(const ConfigurationEvidence& configuration, const LoadCurve& nearest, double distance) {
  Evidence evidence{.benchmark_ids = {}, .shape = nearest.shape(), .distance = distance};
  for (const LoadCurve& curve : configuration.curves) AddEvidence(curve, {0, curve.points().size()}, evidence);
  return evidence;
}

Performance Predict(const ConfigurationEvidence& configuration, const ShapeFit& fit, double in_flight, double rps,
                    const PerformanceRequest& request) {
  Performance performance{.rps = rps, .concurrency = in_flight, .latencies = {}, .evidence = {}};
  const auto given = request.concurrency ? LoadGiven::kConcurrency : LoadGiven::kRate;
  ForEachLatency([&](Metric metric, Statistic statistic) {
    const auto latency = fit.LatencyAt(metric, statistic, in_flight, rps);
    if (!latency) return;
    const auto errors = LatencyErrors::Of(configuration, metric, statistic, given);
    PredictedLatency predicted{.ms = *latency,
                               .basis = Basis::kPredicted,
                               .interval_ms = {},
                               .calibration_shapes = static_cast<int>(errors.shapes())};
    if (const auto factors = errors.Factors(request.confidence)) {
      predicted.interval_ms = Interval{.lower = *latency * factors->lower, .upper = *latency * factors->upper};
    }
    performance.At(metric, statistic) = predicted;
  });
  return performance;
}

NoPerformance TooFew(const ConfigurationEvidence& configuration) {
  std::size_t benchmarks = 0;
  for (const LoadCurve& curve : configuration.curves) benchmarks += curve.points().size();
  return {.reason = NoPerformance::Reason::kTooFewBenchmarks,
          .message = fmt::format(
              "This load was not measured, and {} benchmarks of {} shapes are too few to predict it: "
              "{} of {} shapes that are not saturated are needed. Measure more of them, or ask for a "
              "load between those that were measured.",
              benchmarks, configuration.curves.size(), PerformanceFit::kMinRows, PerformanceFit::kMinShapes)};
}

NoPerformance Saturated(const ShapeFit& fit, double most_in_flight) {
  return {
      .reason = NoPerformance::Reason::kSaturated,
      .message = fmt::format("One replica is saturated by this load: it is trusted with at most {:.4g} requests/s, or "
                             "{:.4g} in flight. Ask for less, or spread it over more replicas.",
                             fit.RateWithin(most_in_flight), most_in_flight)};
}

}  // namespace

Answer PredictPerformance(const ConfigurationEvidence& configuration, const domain::Model* model,
                          const domain::Hardware* hardware, const PerformanceRequest& request) {
  const Memory memory = FitMemory(configuration, model, hardware, request.shape);
  if (memory.fit == MemoryFit::kTooSmall) {
    return NoPerformance{.reason = NoPerformance::Reason::kMemory,
                         .message =
                             "The model and one request of this shape do not fit into the memory of a replica: "
                             "use more GPUs per replica, larger ones, or a lower precision."};
  }
  double distance = 0;
  const LoadCurve& nearest = ClosestCurve(configuration, request.shape, &distance);
  if (distance == 0) {
    if (const auto rps = MeasuredRate(nearest, request)) {
      Performance performance = Interpolate(nearest, *rps);
      performance.concurrency = request.concurrency;
      return performance;
    }
  }
  if (configuration.performance == nullptr) return TooFew(configuration);
  const PerformanceFit& all = configuration.performance->fit;
  const ShapeFit fit(all, request.shape);
  const double most = std::min(kExtrapolation * all.most_in_flight(), MostInFlight(memory, request.shape));
  const double in_flight = request.concurrency ? *request.concurrency : fit.InFlightAt(*request.rps);
  if (!(in_flight <= most)) return Saturated(fit, most);
  const double rps = request.rps ? *request.rps : fit.RpsAt(in_flight);
  Performance performance = Predict(configuration, fit, in_flight, rps, request);
  performance.evidence = AllEvidence(configuration, nearest, distance);
  return performance;
}

}  // namespace loadline::planning
