#include <gmock/gmock.h>

#include "services/planner/planning/lengths.h"
#include "services/planner/planning/plan.h"
#include "tests/unit/services/planner/planning/prediction_fixture.h"

namespace loadline::planning {
namespace {

using testing::Ask;
using testing::Catalog;
using testing::CatalogWithRoomFor;
using testing::EvidenceOf;
using testing::FittedWorld;
using testing::kUnseen;
using testing::NineShapes;
using testing::SloOf;
using testing::WorldAt;

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

TEST(KvCache, NoCurveIsReadAcrossTheLoadAtWhichItFills) {
  const auto evidence = EvidenceOf(FittedWorld(NineShapes()));
  const domain::TrafficShape shape{512, 256};
  // Between 16 and 48 requests in flight.
  const double itl = (WorldAt(shape, 16).itl_mean + 2 * WorldAt(shape, 48).itl_mean) / 3;
  auto request = Ask("itl:mean<" + std::to_string(itl) + "ms");
  request.shape = shape;
  request.slo = SloOf("itl:mean<" + std::to_string(itl) + "ms");
  const auto capacity = [&](const PlanningCatalog& catalog) {
    return PlanCapacity(evidence, catalog, request).options.front().capacity;
  };
  const double below = WorldAt(shape, 16).rps, above = WorldAt(shape, 48).rps;
  const auto free = capacity(CatalogWithRoomFor(1000));
  EXPECT_EQ(free.binding_limit.substr(0, 8), "itl:mean");
  EXPECT_GT(free.rps, below + 0.3 * (above - below));
  const auto full = capacity(CatalogWithRoomFor(20));
  EXPECT_EQ(full.binding_limit, "saturation");
  EXPECT_EQ(full.kind, CapacityKind::kExact);
  EXPECT_NEAR(full.rps, below + (above - below) * 4 / 32, 1e-6);
  // What was measured beyond outweighs the reckoning.
  EXPECT_DOUBLE_EQ(capacity(CatalogWithRoomFor(12)).rps, free.rps);
}

TEST(AutoPolicy, WithTwoShapesNoMoreTokensAreTrustedThanTheNearestCarried) {
  // The fit has seen one input length and thinks that others cost nothing.
  const auto plan = PlanCapacity(EvidenceOf(FittedWorld({{512, 64}, {512, 256}})), Catalog(), Ask("itl:p95<1s"));
  ASSERT_EQ(plan.options.size(), 1u);
  const auto& capacity = plan.options.front().capacity;
  EXPECT_EQ(capacity.calibration->shapes, 0);
  EXPECT_LE(capacity.rps, 0.5 * WorldAt({512, 256}, 96).rps * (512 + 256) / (900 + 300) * (1 + 1e-9));
}

TEST(Lengths, AnEndToEndLatencyThatTheyDecideIsPredictedEvenAtAMeasuredShape) {
  auto request = Ask("ttft:p95<10s;e2e:p95<20s");
  request.lengths = *LengthHistogram::Make({{512, 128, 0.5}, {512, 384, 0.5}});
  request.shape = request.lengths->mean();
  request.rps = 1;
  const auto plan = PlanCapacity(EvidenceOf(FittedWorld(NineShapes())), Catalog(), request);
  ASSERT_EQ(plan.options.size(), 1u);
  EXPECT_EQ(plan.options.front().evidence.distance, 0);
  EXPECT_FALSE(plan.options.front().margins[0].basis);
  EXPECT_EQ(plan.options.front().margins[1].basis, Basis::kPredicted);
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

}  // namespace
}  // namespace loadline::planning
