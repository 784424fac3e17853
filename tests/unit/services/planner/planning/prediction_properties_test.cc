#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "services/planner/planning/lengths.h"
#include "services/planner/planning/plan.h"
#include "services/planner/planning/predict_performance.h"
#include "services/planner/planning/shape_fit.h"
#include "tests/unit/services/planner/planning/fitted_world.h"

// What must hold of every prediction, whatever was measured and asked.

namespace loadline::planning {
namespace {

using domain::Metric;
using domain::Statistic;

double Uniform(double low, double high) { return low + (high - low) * (*rc::gen::inRange(0, 10'001) / 10'000.0); }
double LogUniform(double low, double high) { return std::exp(Uniform(std::log(low), std::log(high))); }

// Measurements that follow no law exactly: every latency is off by up to a third.
std::vector<domain::Benchmark> RandomWorld(const domain::Configuration& configuration = testing::kSmall) {
  std::mt19937_64 random(*rc::gen::arbitrary<std::uint64_t>());
  std::normal_distribution<double> noise(0, 0.15);
  auto benchmarks = testing::FittedWorld(testing::NineShapes(), 0, configuration);
  for (auto& row : benchmarks) {
    for (auto* summary : {&row.measurement.ttft, &row.measurement.itl, &row.measurement.e2e}) {
      const double factor = std::exp(noise(random));
      for (auto& value : summary->values) value = *value * factor;
    }
    row.id = domain::BenchmarkId::Of(row.measurement);
  }
  return benchmarks;
}

ConfigurationEvidence RandomEvidence() { return testing::EvidenceOf(RandomWorld()).front()->configurations.front(); }

domain::TrafficShape RandomShape() {
  return {.input_tokens = LogUniform(16, 16'000), .output_tokens = LogUniform(8, 8'000)};
}

// A latency from the rate alone; infinite where that saturates.
double FromRate(const ShapeFit& fit, Metric metric, Statistic statistic, double rps) {
  const double in_flight = fit.InFlightAt(rps);
  return std::isinf(in_flight) ? in_flight : *fit.LatencyAt(metric, statistic, in_flight, rps);
}

RC_GTEST_PROP(PredictionProperty, NoLatencyFallsAsLoadOrLengthsGrow, ()) {
  const auto evidence = RandomEvidence();
  const auto& fit = evidence.performance->fit;
  const auto shape = RandomShape();
  const double rps = LogUniform(0.01, 50);
  const double more = Uniform(1, 3);
  const ShapeFit here(fit, shape);
  const ShapeFit longer_input(fit, {shape.input_tokens * more, shape.output_tokens});
  const ShapeFit longer_output(fit, {shape.input_tokens, shape.output_tokens * more});
  for (const Metric metric : domain::kMetrics) {
    for (const Statistic statistic : domain::kStatistics) {
      const double latency = FromRate(here, metric, statistic, rps) * (1 - 1e-9);
      RC_ASSERT(FromRate(here, metric, statistic, rps * more) >= latency);
      RC_ASSERT(FromRate(longer_input, metric, statistic, rps) >= latency);
      RC_ASSERT(FromRate(longer_output, metric, statistic, rps) >= latency);
      RC_ASSERT(FromRate(here, Metric::kE2e, statistic, rps) >= FromRate(here, Metric::kTtft, statistic, rps));
    }
  }
}

RC_GTEST_PROP(PredictionProperty, NoCapacityRisesAsTheSloTightensOrLengthsGrow, ()) {
  const auto evidence = RandomEvidence();
  const auto& fit = evidence.performance->fit;
  const auto shape = RandomShape();
  const auto limits = [](double ttft, double itl) {
    return std::vector<domain::Limit>{{.metric = Metric::kTtft, .statistic = Statistic::kP95, .max_ms = ttft},
                                      {.metric = Metric::kItl, .statistic = Statistic::kP99, .max_ms = itl}};
  };
  const double ttft = LogUniform(20, 2000), itl = LogUniform(8, 100), factor = Uniform(0.3, 1), more = Uniform(1, 3);
  constexpr double kMost = 144;
  constexpr double kRounding = 1 + 1e-6;
  const double capacity = CapacityOf(ShapeFit(fit, shape), limits(ttft, itl), kMost).rps * kRounding;
  const auto at = [&](const domain::TrafficShape& other, double ttft_ms, double itl_ms) {
    return CapacityOf(ShapeFit(fit, other), limits(ttft_ms, itl_ms), kMost).rps;
  };
  RC_ASSERT(at(shape, ttft * factor, itl) <= capacity);
  RC_ASSERT(at(shape, ttft, itl * factor) <= capacity);
  RC_ASSERT(at({shape.input_tokens * more, shape.output_tokens}, ttft, itl) <= capacity);
  RC_ASSERT(at({shape.input_tokens, shape.output_tokens * more}, ttft, itl) <= capacity);
}

void CheckInOrder(Performance performance) {
  for (const Metric metric : domain::kMetrics) {
    double latency = 0;
    Interval ends;
    for (const Statistic statistic : {Statistic::kP50, Statistic::kP90, Statistic::kP95, Statistic::kP99}) {
      const auto& predicted = performance.At(metric, statistic);
      RC_ASSERT(predicted.has_value());
      RC_ASSERT(std::isfinite(predicted->ms));
      RC_ASSERT(predicted->ms >= latency);
      latency = predicted->ms;
      if (!predicted->interval_ms) continue;
      RC_ASSERT(predicted->interval_ms->lower >= ends.lower);
      RC_ASSERT(predicted->interval_ms->upper >= ends.upper);
      RC_ASSERT(predicted->interval_ms->upper >= predicted->interval_ms->lower);
      ends = *predicted->interval_ms;
    }
  }
}

// From far below the first point of a measured shape to far beyond the last,
// through measurements, interpolation and predictions.
RC_GTEST_PROP(PredictionProperty, NothingFallsWherePredictionMeetsMeasurement, ()) {
  const auto evidence = RandomEvidence();
  const LoadCurve& curve = *rc::gen::elementOf(evidence.curves);
  double before = 0;
  const Metric metric = *rc::gen::elementOf(std::vector<Metric>(domain::kMetrics.begin(), domain::kMetrics.end()));
  for (double rps = curve.node_rates().front() / 4; rps < 2 * curve.node_rates().back(); rps *= 1.3) {
    auto answer = PredictPerformance(evidence, nullptr, nullptr, {.shape = curve.shape(), .rps = rps});
    if (!std::holds_alternative<Performance>(answer)) break;  // saturated
    CheckInOrder(std::get<Performance>(answer));
    const double latency = std::get<Performance>(answer).At(metric, Statistic::kP95)->ms;
    RC_ASSERT(latency >= before * (1 - 1e-9));
    before = latency;
  }
  RC_ASSERT(before > 0);
}

RC_GTEST_PROP(PredictionProperty, PercentilesAndTheirBoundsAreInOrderAtAnyShape, ()) {
  const auto evidence = RandomEvidence();
  const auto answer =
      PredictPerformance(evidence, nullptr, nullptr, {.shape = RandomShape(), .concurrency = LogUniform(0.1, 140)});
  RC_ASSERT(std::holds_alternative<Performance>(answer));
  CheckInOrder(std::get<Performance>(answer));
}

LengthHistogram RandomLengths() {
  std::vector<LengthBin> bins(*rc::gen::inRange<std::size_t>(1, 30));
  double sum = 0;
  for (auto& bin : bins) {
    bin = {LogUniform(1, 10'000), LogUniform(1, 5'000), Uniform(0.01, 1)};
    sum += bin.weight;
  }
  for (auto& bin : bins) bin.weight /= sum;
  return LengthHistogram::Make(std::move(bins)).value();
}

RC_GTEST_PROP(PredictionProperty, PercentilesOfRandomLengthsAreInOrderAndRiseWithBothLatencies, ()) {
  const auto lengths = RandomLengths();
  domain::LatencySummary ttft;
  double latency = 0;
  for (const Statistic statistic : domain::kStatistics) {
    latency += LogUniform(1, 500);
    if (statistic == Statistic::kMean || *rc::gen::inRange(0, 4) > 0) ttft[statistic] = latency;
  }
  domain::LatencySummary slower = ttft;
  for (auto& value : slower.values) value = value ? domain::Reading(*value * 1.5) : value;
  const double itl = LogUniform(1, 100);
  double before = 0;
  for (const Statistic statistic : {Statistic::kP50, Statistic::kP90, Statistic::kP95, Statistic::kP99}) {
    const double e2e = *E2eFromLengths(ttft, itl, lengths, statistic);
    RC_ASSERT(std::isfinite(e2e));
    RC_ASSERT(e2e >= before * (1 - 1e-9));
    RC_ASSERT(*E2eFromLengths(slower, itl, lengths, statistic) >= e2e * (1 - 1e-9));
    RC_ASSERT(*E2eFromLengths(ttft, itl * 1.5, lengths, statistic) >= e2e * (1 - 1e-9));
    before = e2e;
  }
}

std::vector<std::string> OrderOf(const std::vector<domain::Benchmark>& benchmarks, const PlanRequest& request,
                                 const std::string& without) {
  std::vector<std::string> order;
  for (const auto& option : PlanCapacity(testing::EvidenceOf(benchmarks), testing::Catalog(), request).options) {
    const auto& version = option.configuration.framework_version;
    if (version != without) order.push_back(version);
  }
  return order;
}

// Predicted, measured and taken from the closest shape, by whatever weights and
// budget: one that comes or goes takes nobody else's place.
RC_GTEST_PROP(RankingProperty, AddingOrRemovingAnOptionNeverReordersTheOthers, ()) {
  constexpr int kVersions = 4;
  std::vector<domain::Benchmark> all;
  for (int version = 0; version < kVersions; ++version) {
    auto configuration = testing::On(*rc::gen::element<std::string>("H100", "L4"));
    configuration.framework_version = std::to_string(version);
    auto rows = RandomWorld(configuration);
    // Some were measured at too few shapes for a fit.
    if (*rc::gen::inRange(0, 3) == 0)
      std::erase_if(rows, [](const auto& row) { return row.shape.output_tokens < 1000; });
    all.insert(all.end(), rows.begin(), rows.end());
  }
  auto request = testing::Request("ttft:p95<400ms;itl:p95<40ms", LogUniform(1, 300));
  request.shape = *rc::gen::arbitrary<bool>() ? RandomShape() : domain::TrafficShape{512, 256};
  request.policy = MatchPolicy::kAuto;
  const double cost = Uniform(0, 1), latency = Uniform(0, 1), risk = Uniform(0.01, 1), sum = cost + latency + risk;
  request.weights = {.cost = cost / sum, .latency = latency / sum, .quality = 0, .risk = risk / sum};
  if (*rc::gen::arbitrary<bool>()) request.budget_usd_per_month = LogUniform(1e3, 1e7);
  request.top_n = 100;
  const std::string gone = std::to_string(*rc::gen::inRange(0, kVersions));
  auto rest = all;
  std::erase_if(rest, [&](const auto& row) { return row.measurement.configuration.framework_version == gone; });
  RC_ASSERT(OrderOf(all, request, gone) == OrderOf(rest, request, gone));
}

}  // namespace
}  // namespace loadline::planning
