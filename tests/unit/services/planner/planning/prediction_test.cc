#include <gmock/gmock.h>

#include <cmath>

#include "services/planner/planning/predict_performance.h"
#include "services/planner/planning/shape_fit.h"
#include "tests/unit/services/planner/planning/prediction_fixture.h"

namespace loadline::planning {
namespace {

using domain::Metric;
using domain::Statistic;
using testing::CatalogWithRoomFor;
using testing::Evidence;
using testing::EvidenceOf;
using testing::FittedWorld;
using testing::kUnseen;
using testing::WorldAt;

TEST(PerformanceFit, FindsTheLawBehindExactData) {
  const auto evidence = Evidence();
  ASSERT_NE(evidence.performance, nullptr);
  const ShapeFit fit(evidence.performance->fit, kUnseen);
  for (const double in_flight : {2.0, 30.0, 80.0}) {
    const auto truth = WorldAt(kUnseen, in_flight);
    EXPECT_NEAR(*fit.LatencyAt(Metric::kTtft, Statistic::kP95, in_flight, truth.rps), 1.4 * truth.ttft_mean,
                1e-3 * truth.ttft_mean);
    EXPECT_NEAR(*fit.LatencyAt(Metric::kItl, Statistic::kMean, in_flight, truth.rps), truth.itl_mean,
                1e-3 * truth.itl_mean);
    EXPECT_NEAR(fit.InFlightAt(truth.rps), in_flight, 1e-2 * in_flight);
    EXPECT_NEAR(fit.RpsAt(in_flight), truth.rps, 1e-2 * truth.rps);
  }
}

TEST(PerformanceFit, NeedsSixBenchmarksOfTwoShapes) {
  EXPECT_EQ(Evidence(0, {{128, 64}}).performance, nullptr);
  EXPECT_NE(Evidence(0, {{128, 64}, {512, 64}}).performance, nullptr);
}

TEST(PerformanceFit, SaturatedBenchmarksDoNotCount) {
  auto benchmarks = FittedWorld({{128, 64}, {512, 64}});
  for (auto& row : benchmarks) row.measurement.load.saturated = *row.measurement.load.concurrency > 10;
  EXPECT_EQ(EvidenceOf(benchmarks).front()->configurations.front().performance, nullptr);
}

TEST(ShapeFit, LatenciesNeverFallAndPercentilesAreInOrder) {
  const auto evidence = Evidence(0.1);
  const ShapeFit fit(evidence.performance->fit, kUnseen);
  for (const Metric metric : domain::kMetrics) {
    double before = 0;
    for (double rps = 0.5; rps < fit.RateWithin(96); rps *= 1.2) {
      const double in_flight = fit.InFlightAt(rps);
      const auto at = [&](Statistic statistic) { return *fit.LatencyAt(metric, statistic, in_flight, rps); };
      EXPECT_GE(at(Statistic::kP50), before);
      before = at(Statistic::kP50);
      EXPECT_LE(at(Statistic::kP50), at(Statistic::kP90));
      EXPECT_LE(at(Statistic::kP90), at(Statistic::kP95));
      EXPECT_LE(at(Statistic::kP95), at(Statistic::kP99));
    }
  }
}

TEST(ShapeFit, ARateWithinALimitReachesIt) {
  const auto evidence = Evidence();
  const ShapeFit fit(evidence.performance->fit, kUnseen);
  const double rps = fit.RateWithin(Metric::kItl, Statistic::kP95, 12, 96);
  EXPECT_NEAR(*fit.LatencyAt(Metric::kItl, Statistic::kP95, fit.InFlightAt(rps), rps), 12, 1e-5);
  EXPECT_EQ(fit.RateWithin(Metric::kItl, Statistic::kP95, 1, 96), 0);
}

TEST(InFlight, IsTheSmallestRootAndInfiniteWhenSaturated) {
  // c = x / 1000 (100 + 10 c): at 50/s c = 5 + c / 2, so 10; at 100/s none.
  const LoadLaw stay{.base = 100, .per_in_flight = 10};
  EXPECT_DOUBLE_EQ(InFlight(stay, 50), 10);
  EXPECT_TRUE(std::isinf(InFlight(stay, 100)));
  EXPECT_DOUBLE_EQ(RateAt(stay, 10), 50);
}

TEST(ShapeFit, LatenciesNeverFallWithTokens) {
  const auto evidence = Evidence(0.1);
  const auto& fit = evidence.performance->fit;
  for (const Metric metric : domain::kMetrics) {
    double before_input = 0;
    double before_output = 0;
    for (double tokens = 64; tokens < 5000; tokens *= 1.5) {
      const double input = *ShapeFit(fit, {tokens, 200}).LatencyAt(metric, Statistic::kP95, 10, 2);
      const double output = *ShapeFit(fit, {200, tokens}).LatencyAt(metric, Statistic::kP95, 10, 2);
      EXPECT_GE(input, before_input);
      EXPECT_GE(output, before_output);
      before_input = input;
      before_output = output;
    }
  }
}

TEST(KvCache, BeyondTheLoadAtWhichItFillsTheNextMeasurementCounts) {
  const auto evidence = Evidence();
  const domain::TrafficShape shape{512, 256};
  const auto catalog = CatalogWithRoomFor(20);
  const double rps = (WorldAt(shape, 16).rps + WorldAt(shape, 48).rps) / 2;
  auto answer = PredictPerformance(evidence, &catalog.models.at("acme/tiny-8b"), &catalog.hardware.at("H100"),
                                   {.shape = shape, .rps = rps});
  EXPECT_DOUBLE_EQ(std::get<Performance>(answer).At(Metric::kItl, Statistic::kMean)->ms, WorldAt(shape, 48).itl_mean);
}

TEST(PerformanceFit, EachStatisticNeedsTwoShapesOfItsOwn) {
  auto benchmarks = FittedWorld({{128, 64}, {512, 64}, {512, 256}});
  // Six loads, but of one shape.
  for (auto& row : benchmarks) {
    if (row.shape.output_tokens != 256) row.measurement.ttft[Statistic::kP99] = {};
  }
  auto sixth = benchmarks.back();
  sixth.measurement.load.achieved_rps = *sixth.measurement.load.achieved_rps * 1.1;
  sixth.id = domain::BenchmarkId::Of(sixth.measurement);
  benchmarks.push_back(sixth);
  const auto evidence = EvidenceOf(benchmarks).front()->configurations.front();
  EXPECT_TRUE(evidence.performance->fit.Has(Metric::kTtft, Statistic::kP95));
  EXPECT_FALSE(evidence.performance->fit.Has(Metric::kTtft, Statistic::kP99));
}

Performance Predicted(const ConfigurationEvidence& evidence, const PerformanceRequest& request) {
  return std::get<Performance>(PredictPerformance(evidence, nullptr, nullptr, request));
}

TEST(PredictPerformance, PredictsWithAnInterval) {
  const auto truth = WorldAt(kUnseen, 20);
  auto performance = Predicted(Evidence(0.05), {.shape = kUnseen, .concurrency = 20});
  const auto& ttft = performance.At(Metric::kTtft, Statistic::kP95);
  ASSERT_TRUE(ttft && ttft->interval_ms);
  EXPECT_EQ(ttft->basis, Basis::kPredicted);
  EXPECT_EQ(ttft->calibration_shapes, 9);
  EXPECT_LE(ttft->interval_ms->lower, 1.4 * truth.ttft_mean);
  EXPECT_GE(ttft->interval_ms->upper, 1.4 * truth.ttft_mean);
  EXPECT_NEAR(performance.rps, truth.rps, 0.1 * truth.rps);
}

TEST(PredictPerformance, ReadsWhatWasMeasured) {
  const domain::TrafficShape shape{512, 256};
  auto performance = Predicted(Evidence(), {.shape = shape, .concurrency = 16});
  const auto& itl = performance.At(Metric::kItl, Statistic::kMean);
  ASSERT_TRUE(itl);
  EXPECT_EQ(itl->basis, Basis::kMeasured);
  EXPECT_DOUBLE_EQ(itl->ms, WorldAt(shape, 16).itl_mean);
}

TEST(PredictPerformance, SaysWhyItCannot) {
  const auto reason = [](const ConfigurationEvidence& evidence, const PerformanceRequest& request) {
    return std::get<NoPerformance>(PredictPerformance(evidence, nullptr, nullptr, request)).reason;
  };
  EXPECT_EQ(reason(Evidence(0, {{512, 256}}), {.shape = kUnseen, .rps = 1}), NoPerformance::Reason::kTooFewBenchmarks);
  EXPECT_EQ(reason(Evidence(), {.shape = kUnseen, .rps = 1e6}), NoPerformance::Reason::kSaturated);
  EXPECT_EQ(reason(Evidence(), {.shape = kUnseen, .concurrency = 1e4}), NoPerformance::Reason::kSaturated);
}

}  // namespace
}  // namespace loadline::planning
