#include <gmock/gmock.h>

#include <cmath>
#include <random>

#include "services/planner/planning/calibration.h"
#include "services/planner/planning/latency_errors.h"
#include "services/planner/planning/plan.h"
#include "services/planner/planning/predict_performance.h"
#include "services/planner/planning/shape_fit.h"
#include "tests/unit/services/planner/planning/fitted_world.h"

namespace loadline::planning {
namespace {

using domain::Metric;
using domain::Statistic;
using testing::Catalog;
using testing::EvidenceOf;
using testing::FittedWorld;
using testing::NineShapes;
using testing::SloOf;
using testing::WorldAt;

const domain::TrafficShape kUnseen{.input_tokens = 900, .output_tokens = 300};

ConfigurationEvidence Evidence(double noise = 0, const std::vector<domain::TrafficShape>& shapes = NineShapes()) {
  return EvidenceOf(FittedWorld(shapes, noise)).front()->configurations.front();
}

PlanRequest Ask(const std::string& slo = "ttft:p95<150ms;itl:p95<20ms") {
  PlanRequest request{.shape = kUnseen, .rps = 20, .slo = SloOf(slo)};
  request.policy = MatchPolicy::kAuto;
  return request;
}

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

TEST(CapacityErrors, ExactDataNeedsNoCorrection) {
  const auto evidence = Evidence();
  const auto errors = CapacityErrors::At(evidence, Ask().slo.limits(), kUnseen);
  const auto calibration = errors.Calibrate(10, 0.88);
  EXPECT_GE(calibration.shapes, 7);
  EXPECT_FALSE(calibration.few_shapes);
  EXPECT_NEAR(calibration.correction, 1, 0.03);
  EXPECT_NEAR(calibration.margin, 1, 0.05);
}

TEST(CapacityErrors, MoreConfidenceNeverPromisesMore) {
  const auto evidence = Evidence(0.15);
  const auto errors = CapacityErrors::At(evidence, Ask().slo.limits(), kUnseen);
  double before = std::numeric_limits<double>::infinity();
  for (const double confidence : {0.5, 0.7, 0.8, 0.88, 0.95, 0.99}) {
    const auto calibration = errors.Calibrate(10, confidence);
    EXPECT_LE(calibration.capacity_rps.lower, before) << confidence;
    EXPECT_LE(calibration.capacity_rps.lower, calibration.capacity_rps.upper);
    before = calibration.capacity_rps.lower;
  }
}

TEST(CapacityErrors, FewShapesWidenTheMargin) {
  const auto evidence = Evidence(0, {{128, 64}, {512, 256}});
  const auto calibration = CapacityErrors::At(evidence, Ask().slo.limits(), kUnseen).Calibrate(10, 0.88);
  EXPECT_EQ(calibration.shapes, 0);
  EXPECT_TRUE(calibration.few_shapes);
  EXPECT_DOUBLE_EQ(calibration.margin, 0.5);
}

TEST(CapacityErrors, ProbabilitiesFallWithTheLoadAndAreNeverCertain) {
  const auto evidence = Evidence(0.15);
  const auto errors = CapacityErrors::At(evidence, Ask().slo.limits(), kUnseen);
  double before = 1;
  for (double rps = 2; rps < 30; rps *= 1.2) {
    const double probability = *errors.ProbabilityOf(rps, 10);
    EXPECT_GT(probability, 0);
    EXPECT_LT(probability, 1);
    EXPECT_LE(probability, before);
    before = probability;
  }
}

TEST(LatencyErrors, BoundsHoldForTheShapesTheyAreLearntFrom) {
  const auto evidence = Evidence(0.1);
  const auto errors = LatencyErrors::Of(evidence, Metric::kTtft, Statistic::kP95, LoadGiven::kConcurrency);
  EXPECT_EQ(errors.shapes(), 9u);
  const auto factors = errors.Factors(0.9);
  ASSERT_TRUE(factors);
  EXPECT_GT(factors->upper, 1.05);
  EXPECT_LT(factors->lower, 0.95);
}

TEST(LatencyErrors, TooFewShapesGiveNoNumber) {
  const auto evidence = Evidence(0.1, {{128, 64}, {512, 256}, {1024, 256}, {2048, 64}});
  const auto errors = LatencyErrors::Of(evidence, Metric::kTtft, Statistic::kP95, LoadGiven::kRate);
  EXPECT_FALSE(errors.Factors(0.9));
  EXPECT_TRUE(errors.Factors(0.75));
}

TEST(LatencyErrors, BoundsAreQuantilesByHand) {
  // Nine shapes of one score each: a bound that would have covered nine in ten
  // of them, each left out, must be the largest.
  std::vector<std::vector<double>> shapes;
  for (int i = 1; i <= 9; ++i) shapes.push_back({std::log(1 + 0.1 * i)});
  const auto factors = LatencyErrors::FromScores(shapes).Factors(0.9);
  ASSERT_TRUE(factors);
  EXPECT_NEAR(factors->upper, 1.9, 1e-12);
  // Half of them lie at or below the fifth.
  EXPECT_NEAR(LatencyErrors::FromScores(shapes).Factors(0.5)->upper, 1.5, 0.1 + 1e-12);
}

TEST(LatencyErrors, CoverShapesThatWereNeverSeen) {
  constexpr unsigned kSeed = 11;
  std::mt19937 random(kSeed);
  std::normal_distribution<double> of_shape(0, 0.1);
  std::normal_distribution<double> of_row(0, 0.05);
  const auto draw = [&] {
    const double shift = of_shape(random);
    std::vector<double> scores(8);
    for (double& score : scores) score = shift + of_row(random);
    return scores;
  };
  constexpr int kWorlds = 400;
  int covered = 0;
  int all = 0;
  for (int world = 0; world < kWorlds; ++world) {
    std::vector<std::vector<double>> seen(20);
    for (auto& scores : seen) scores = draw();
    const double bound = std::log(LatencyErrors::FromScores(seen).Factors(0.9)->upper);
    for (int shape = 0; shape < 5; ++shape) {
      for (const double score : draw()) {
        ++all;
        covered += score <= bound ? 1 : 0;
      }
    }
  }
  EXPECT_NEAR(static_cast<double>(covered) / all, 0.9, 0.02) << "seed " << kSeed;
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

TEST(AutoPolicy, PredictsAShapeThatWasNotMeasured) {
  const auto plan = PlanCapacity(EvidenceOf(FittedWorld(NineShapes())), Catalog(), Ask());
  ASSERT_EQ(plan.options.size(), 1u);
  const PlanOption& option = plan.options.front();
  EXPECT_EQ(option.capacity.kind, CapacityKind::kPredicted);
  EXPECT_EQ(option.capacity.basis, Basis::kPredicted);
  EXPECT_EQ(option.latency_basis, Basis::kPredicted);
  EXPECT_EQ(option.evidence.benchmark_ids.size(), 45u);  // all that the fit rests on
  ASSERT_TRUE(option.capacity.calibration);
  EXPECT_DOUBLE_EQ(option.capacity.rps, option.capacity.calibration->capacity_rps.lower);
  ASSERT_TRUE(option.slo_confidence);
  EXPECT_GT(*option.slo_confidence, 0.8);
  for (const LimitMargin& margin : option.margins) EXPECT_GE(margin.slack, 0);
}

TEST(AutoPolicy, ReadsAMeasuredShapeFromItsCurve) {
  auto request = Ask("itl:p95<12ms");
  request.shape = {512, 256};
  const auto plan = PlanCapacity(EvidenceOf(FittedWorld(NineShapes())), Catalog(), request);
  ASSERT_EQ(plan.options.size(), 1u);
  EXPECT_EQ(plan.options.front().capacity.kind, CapacityKind::kExact);
  EXPECT_FALSE(plan.options.front().capacity.calibration);
}

TEST(AutoPolicy, FallsBackToTheClosestShapeWithoutAFit) {
  const auto plan = PlanCapacity(EvidenceOf(FittedWorld({{512, 256}})), Catalog(), Ask());
  ASSERT_EQ(plan.options.size(), 1u);
  EXPECT_EQ(plan.options.front().capacity.basis, Basis::kClosest);
  EXPECT_FALSE(plan.options.front().slo_confidence);
}

TEST(AutoPolicy, SettlingOnlyTheBestGivesTheSameOptionsAsSettlingAll) {
  std::vector<domain::Benchmark> benchmarks;
  for (int version = 0; version < 12; ++version) {
    auto configuration = testing::kSmall;
    configuration.framework_version = std::to_string(version);
    for (auto& row : FittedWorld(NineShapes(), 0.02 * version, configuration)) benchmarks.push_back(std::move(row));
  }
  auto request = Ask();
  request.top_n = 3;
  const auto few = PlanCapacity(EvidenceOf(benchmarks), Catalog(), request);
  request.top_n = 100;
  const auto all = PlanCapacity(EvidenceOf(benchmarks), Catalog(), request);
  ASSERT_EQ(few.options.size(), 3u);
  ASSERT_EQ(all.options.size(), 12u);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(few.options[i].configuration, all.options[i].configuration);
    EXPECT_EQ(few.options[i].cost.usd_per_month, all.options[i].cost.usd_per_month);
  }
}

TEST(AutoPolicy, ATighterSloNeverRaisesACapacity) {
  const auto evidence = EvidenceOf(FittedWorld(NineShapes(), 0.1));
  double before = 0;
  for (const int itl : {10, 12, 15, 20, 30}) {
    const auto plan = PlanCapacity(evidence, Catalog(), Ask("itl:mean<" + std::to_string(itl) + "ms"));
    const double fitted = plan.options.empty() ? 0 : plan.options.front().capacity.calibration->point_rps;
    EXPECT_GE(fitted, before) << itl;
    before = fitted;
  }
}

TEST(AutoPolicy, TheKvCacheBoundsRequestsInFlight) {
  auto catalog = Catalog();
  const auto evidence = EvidenceOf(FittedWorld(NineShapes()));
  const double free =
      PlanCapacity(evidence, catalog, Ask("itl:p95<1s")).options.front().capacity.calibration->point_rps;
  // Room for 10 requests of 1,200 tokens, with a tenth to spare.
  catalog.models["acme/tiny-8b"].kv_bytes_per_token = (80.0 - 8e9 * 2 * 1.2 / (1 << 30)) * (1 << 30) / 12'000;
  const auto plan = PlanCapacity(evidence, catalog, Ask("itl:p95<1s"));
  ASSERT_EQ(plan.options.size(), 1u);
  EXPECT_LT(plan.options.front().capacity.calibration->point_rps, free / 2);
  EXPECT_NEAR(plan.options.front().capacity.calibration->point_rps, WorldAt(kUnseen, 9).rps, 0.1);
}

TEST(Lengths, DecideE2eLimits) {
  auto request = Ask("e2e:p95<10s");
  request.lengths = *LengthHistogram::Make({{900, 100, 0.5}, {900, 500, 0.5}});
  request.shape = request.lengths->mean();
  const auto plan = PlanCapacity(EvidenceOf(FittedWorld(NineShapes())), Catalog(), request);
  ASSERT_EQ(plan.options.size(), 1u);
  EXPECT_GE(plan.options.front().worst_slack, 0);
  // The longest half needs at least 499 x 5 ms, so 2 s cannot be held.
  request.slo = SloOf("e2e:p95<2s");
  EXPECT_TRUE(PlanCapacity(EvidenceOf(FittedWorld(NineShapes())), Catalog(), request).options.empty());
}

TEST(Budget, RejectsWhatCostsMore) {
  auto request = Ask();
  const auto evidence = EvidenceOf(FittedWorld(NineShapes()));
  const double needed = PlanCapacity(evidence, Catalog(), request).options.front().cost.usd_per_month;
  request.budget_usd_per_month = needed * 0.99;
  const auto plan = PlanCapacity(evidence, Catalog(), request);
  EXPECT_TRUE(plan.options.empty());
  ASSERT_EQ(plan.rejection_counts.size(), 1u);
  EXPECT_EQ(plan.rejection_counts.front().reason, RejectionReason::kBudget);
  request.budget_usd_per_month = needed * 1.01;
  EXPECT_EQ(PlanCapacity(evidence, Catalog(), request).options.size(), 1u);
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
