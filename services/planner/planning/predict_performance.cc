#include "services/planner/planning/predict_performance.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "services/planner/planning/latency_errors.h"
#include "services/planner/planning/match.h"
#include "services/planner/planning/memory_fit.h"
#include "services/planner/planning/replica.h"
#include "services/planner/planning/shape_fit.h"
#include "services/planner/planning/shape_kernel.h"

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

// The rate whose latencies count at `rps`: itself, but in a stretch over which
// the KV cache fills, beyond where it does, that of the stretch's end.
double RateToRead(const LoadCurve& curve, const Memory& memory, double rps) {
  if (rps <= curve.RateOfInFlight(MostInFlight(memory, curve.shape()), rps)) return rps;
  const auto rates = curve.node_rates();
  return *std::lower_bound(rates.begin(), rates.end(), rps);
}

Performance Interpolate(const LoadCurve& curve, const Memory& memory, double rps) {
  Performance performance{.rps = rps, .concurrency = {}, .latencies = {}, .evidence = {}};
  const Basis basis = curve.IsNode(rps) ? Basis::kMeasured : Basis::kInterpolated;
  const Replica replica(curve, 1, nullptr);
  const double read = RateToRead(curve, memory, rps);
  for (const Metric metric : domain::kMetrics) {
    const auto summary = replica.SummaryAt(metric, read);
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

// How much of what is known of the fit's errors holds at `asked`.
double Reach(const PerformanceModel& model, const domain::TrafficShape& asked) {
  std::vector<LogShape> known;
  for (std::size_t i = 0; i < model.lengths.size(); ++i) {
    if (model.Without(i) != nullptr) known.push_back(LogShape::Of(model.lengths[i]));
  }
  return ReachOf(known, LogShape::Of(asked));
}

Performance Predict(const ConfigurationEvidence& configuration, const ShapeFit& fit, double in_flight, double rps,
                    const PerformanceRequest& request) {
  Performance performance{.rps = rps, .concurrency = in_flight, .latencies = {}, .evidence = {}};
  const double reach = Reach(*configuration.performance, request.shape);
  const auto given = request.concurrency ? LoadGiven::kConcurrency : LoadGiven::kRate;
  ForEachLatency([&](Metric metric, Statistic statistic) {
    const auto latency = fit.LatencyAt(metric, statistic, in_flight, rps);
    if (!latency) return;
    const auto errors = LatencyErrors::Of(configuration, metric, statistic, given);
    PredictedLatency predicted{.ms = *latency,
                               .basis = Basis::kPredicted,
                               .interval_ms = {},
                               .calibration_shapes = static_cast<int>(errors.shapes())};
    if (const auto factors = errors.Factors(request.confidence, reach)) {
      predicted.interval_ms = Interval{.lower = *latency * factors->lower, .upper = *latency * factors->upper};
    }
    performance.At(metric, statistic) = predicted;
  });
  return performance;
}

// A fit says no less beyond a measured curve's end, and no more before its
// start, than what was measured there.
void HoldAtEnds(const LoadCurve& curve, double rps, Performance& performance) {
  constexpr double kAnyLatency = std::numeric_limits<double>::infinity();
  ForEachLatency([&](Metric metric, Statistic statistic) {
    auto& latency = performance.At(metric, statistic);
    const auto end = curve.CrossingOf(metric, statistic, kAnyLatency);
    if (!latency || end.kind == CurveCrossing::Kind::kNotMeasured) return;
    if (rps > end.rps) latency->ms = std::max(latency->ms, end.latency_ms);
    if (rps < curve.node_rates().front()) latency->ms = std::min(latency->ms, *curve.LatencyAt(metric, statistic, rps));
    if (!latency->interval_ms) return;
    auto& interval = *latency->interval_ms;
    interval = {.lower = std::min(interval.lower, latency->ms), .upper = std::max(interval.upper, latency->ms)};
  });
}

// p50 <= p90 <= p95 <= p99, for the ends of intervals too: each was calibrated
// on its own.
void PutInOrder(Performance& performance) {
  for (const Metric metric : domain::kMetrics) {
    double floor = 0;
    Interval ends;
    for (const Statistic statistic : domain::kStatistics) {
      auto& latency = performance.At(metric, statistic);
      if (statistic == Statistic::kMean || !latency) continue;
      latency->ms = floor = std::max(floor, latency->ms);
      if (!latency->interval_ms) continue;
      ends = {.lower = std::max(ends.lower, latency->interval_ms->lower),
              .upper = std::max(ends.upper, latency->interval_ms->upper)};
      latency->interval_ms = ends;
    }
  }
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
      Performance performance = Interpolate(nearest, memory, *rps);
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
  if (distance == 0) HoldAtEnds(nearest, rps, performance);
  PutInOrder(performance);
  performance.evidence = AllEvidence(configuration, nearest, distance);
  return performance;
}

}  // namespace loadline::planning
