#include "services/planner/planning/load_curve.h"

#include <gmock/gmock.h>

#include <cmath>
#include <random>

#include "tests/unit/services/planner/planning/curves.h"

namespace loadline::planning {
namespace {

using domain::Metric;
using domain::Statistic;
using testing::Curve;
using ::testing::ElementsAre;
using testing::Row;
using testing::SloOf;

// ITL p95 passes 100 ms between 4 and 8 requests/s, at 6.117 (see pchip_test).
const std::vector<Row> kBending = {
    {.rps = 1, .itl_p95 = 20}, {.rps = 2, .itl_p95 = 25}, {.rps = 4, .itl_p95 = 40}, {.rps = 8, .itl_p95 = 200}};

TEST(LoadCurve, CapacityBetweenTwoMeasurementsIsExact) {
  const auto capacity = Curve(kBending).Capacity(SloOf("itl:p95<100ms"));
  EXPECT_EQ(capacity.kind, CapacityKind::kExact);
  EXPECT_NEAR(capacity.rps, 6.11714191467508, 1e-9);
  EXPECT_EQ(capacity.binding_limit, 0);
}

TEST(LoadCurve, CapacityAtAMeasuredValueIsThatMeasurementsRate) {
  EXPECT_DOUBLE_EQ(Curve(kBending).Capacity(SloOf("itl:p95<40ms")).rps, 4);
}

TEST(LoadCurve, CapacityIsALowerBoundWhenTheHighestLoadPasses) {
  const auto capacity = Curve(kBending).Capacity(SloOf("itl:p95<200ms"));
  EXPECT_EQ(capacity.kind, CapacityKind::kLowerBound);
  EXPECT_DOUBLE_EQ(capacity.rps, 8);
  EXPECT_EQ(capacity.binding_limit, -1);
}

TEST(LoadCurve, ThereIsNoCapacityWhenTheLowestLoadFails) {
  const auto capacity = Curve(kBending).Capacity(SloOf("ttft:p95<500ms;itl:p95<10ms"));
  EXPECT_EQ(capacity.kind, CapacityKind::kNone);
  EXPECT_EQ(capacity.binding_limit, 1);
  EXPECT_DOUBLE_EQ(capacity.miss_factor, 2);
  EXPECT_DOUBLE_EQ(capacity.rps, 0);
}

TEST(LoadCurve, TheLimitThatMissesMostIsNamedWhenSeveralFailAtTheLowestLoad) {
  const auto capacity = Curve(kBending).Capacity(SloOf("itl:p95<15ms;ttft:p95<10ms"));
  EXPECT_EQ(capacity.binding_limit, 1);
  EXPECT_DOUBLE_EQ(capacity.miss_factor, 10);
}

// 10 requests in flight at 1 request/s, 30 at 2, 90 at 4.
LoadCurve CurveWithInFlight() {
  auto benchmarks = testing::Benchmarks(testing::kSmall, testing::kShape, {{.rps = 1}, {.rps = 2}, {.rps = 4}});
  const double in_flight[] = {10, 30, 90};
  std::vector<const domain::Benchmark*> rows;
  for (std::size_t i = 0; i < benchmarks.size(); ++i) {
    benchmarks[i].measurement.load.concurrency = in_flight[i];
    rows.push_back(&benchmarks[i]);
  }
  return LoadCurve::Build(rows);
}

TEST(LoadCurve, TheRateOfRequestsInFlightLiesBetweenTheNodesAroundIt) {
  const auto curve = CurveWithInFlight();
  EXPECT_DOUBLE_EQ(curve.RateOfInFlight(60, 3.5), 3);
  EXPECT_DOUBLE_EQ(curve.RateOfInFlight(20, 1.2), 1.5);
  EXPECT_TRUE(std::isinf(curve.RateOfInFlight(60, 1.5))) << "both nodes have less";
  EXPECT_TRUE(std::isinf(curve.RateOfInFlight(20, 3))) << "both nodes have more";
  EXPECT_TRUE(std::isinf(curve.RateOfInFlight(60, 4))) << "measured";
  EXPECT_TRUE(std::isinf(curve.RateOfInFlight(60, 5))) << "beyond the end";
  EXPECT_TRUE(std::isinf(Curve({{.rps = 1}, {.rps = 2}}).RateOfInFlight(60, 1.5))) << "not measured";
}

TEST(LoadCurve, TheLimitReachedFirstBinds) {
  const auto curve = Curve({{.rps = 1, .ttft_p95 = 100, .itl_p95 = 10}, {.rps = 3, .ttft_p95 = 300, .itl_p95 = 50}});
  const auto ttft = curve.Capacity(SloOf("itl:p95<40ms;ttft:p95<200ms"));
  EXPECT_EQ(ttft.binding_limit, 1);
  EXPECT_NEAR(ttft.rps, 2, 1e-12);
  const auto itl = curve.Capacity(SloOf("itl:p95<20ms;ttft:p95<200ms"));
  EXPECT_EQ(itl.binding_limit, 0);
  EXPECT_NEAR(itl.rps, 1.5, 1e-12);
}

TEST(LoadCurve, EveryStatisticIsCheckedOnItself) {
  // itl p95 is 10 at 1 request/s and 30 at 3, straight; the proportions of the
  // other statistics are in curves.h, so p99 reaches 26 at 2 requests/s, ....
  const auto curve = Curve({{.rps = 1, .itl_p95 = 10}, {.rps = 3, .itl_p95 = 30}});
  EXPECT_NEAR(curve.Capacity(SloOf("itl:mean<14ms")).rps, 2, 1e-12);
  EXPECT_NEAR(curve.Capacity(SloOf("itl:p50<12ms")).rps, 2, 1e-12);
  EXPECT_NEAR(curve.Capacity(SloOf("itl:p90<18ms")).rps, 2, 1e-12);
  EXPECT_NEAR(curve.Capacity(SloOf("itl:p95<20ms")).rps, 2, 1e-12);
  EXPECT_NEAR(curve.Capacity(SloOf("itl:p99<26ms")).rps, 2, 1e-12);
}

TEST(LoadCurve, CapacityIsOfTheAchievedRateNeverOfTheOffered) {
  const auto curve = Curve({{.rps = 1.9, .itl_p95 = 10, .offered = 2}, {.rps = 3.8, .itl_p95 = 20, .offered = 4}});
  EXPECT_DOUBLE_EQ(curve.Capacity(SloOf("itl:p95<20ms")).rps, 3.8);
}

TEST(LoadCurve, ASaturatedPointBoundsTheCurveFromAbove) {
  const auto curve = Curve({{.rps = 2, .itl_p95 = 20},
                            {.rps = 4, .itl_p95 = 30},
                            {.rps = 3, .itl_p95 = 35, .offered = 8, .saturated = true}});
  const auto capacity = curve.Capacity(SloOf("itl:p95<100ms"));
  EXPECT_EQ(capacity.kind, CapacityKind::kExact);
  EXPECT_DOUBLE_EQ(capacity.rps, 4);
  EXPECT_EQ(capacity.binding_limit, -1);
}

TEST(LoadCurve, ASaturatedPointThatAchievedMoreIsTheLastNode) {
  const auto curve = Curve({{.rps = 2, .itl_p95 = 20},
                            {.rps = 4, .itl_p95 = 30},
                            {.rps = 5, .itl_p95 = 300, .offered = 8, .saturated = true}});
  EXPECT_THAT(curve.node_rates(), ElementsAre(2, 4, 5));
  const auto capacity = curve.Capacity(SloOf("itl:p95<100ms"));
  EXPECT_EQ(capacity.kind, CapacityKind::kExact);
  EXPECT_GT(capacity.rps, 4);
  EXPECT_LT(capacity.rps, 5);
}

TEST(LoadCurve, MoreLoadWithLessThroughputIsSaturationEvenUnmarked) {
  // 6 offered, 3 achieved: more load than the run before, less throughput.
  const auto curve =
      Curve({{.rps = 2, .itl_p95 = 20}, {.rps = 4, .itl_p95 = 30}, {.rps = 3, .itl_p95 = 500, .offered = 6}});
  EXPECT_THAT(curve.node_rates(), ElementsAre(2, 4));
  EXPECT_DOUBLE_EQ(curve.Capacity(SloOf("itl:p95<100ms")).rps, 4);
}

TEST(LoadCurve, ASaturatedPointUnderLessLoadThanOneThatKeptUpBoundsNothing) {
  const auto curve = Curve({{.rps = 2, .itl_p95 = 20},
                            {.rps = 3, .itl_p95 = 35, .offered = 4, .saturated = true},
                            {.rps = 8, .itl_p95 = 40}});
  EXPECT_THAT(curve.node_rates(), ElementsAre(2, 8));
  const auto capacity = curve.Capacity(SloOf("itl:p95<100ms"));
  EXPECT_EQ(capacity.kind, CapacityKind::kLowerBound);
  EXPECT_DOUBLE_EQ(capacity.rps, 8);
}

TEST(LoadCurve, TheLeastLoadedSaturatedPointAboveAllThatKeptUpEndsTheCurve) {
  const auto curve = Curve({{.rps = 2, .itl_p95 = 20},
                            {.rps = 3, .itl_p95 = 35, .offered = 4, .saturated = true},
                            {.rps = 8, .itl_p95 = 40},
                            {.rps = 9, .itl_p95 = 300, .offered = 12, .saturated = true},
                            {.rps = 9.5, .itl_p95 = 500, .offered = 20, .saturated = true}});
  EXPECT_THAT(curve.node_rates(), ElementsAre(2, 8, 9));
  EXPECT_EQ(curve.Capacity(SloOf("itl:p95<400ms")).kind, CapacityKind::kExact);
  EXPECT_DOUBLE_EQ(*curve.points()[2].achieved_rps, 9) << "a node's points are neighbours";
  EXPECT_DOUBLE_EQ(*curve.points()[4].achieved_rps, 3) << "what is passed over comes last";
}

TEST(LoadCurve, AnUnmarkedPointIsComparedWithSaturatedOnesToo) {
  const auto curve = Curve({{.rps = 2, .itl_p95 = 20},
                            {.rps = 4, .itl_p95 = 30, .offered = 6, .saturated = true},
                            {.rps = 3, .itl_p95 = 500, .offered = 9}});
  EXPECT_THAT(curve.node_rates(), ElementsAre(2, 4));
  EXPECT_EQ(curve.Capacity(SloOf("itl:p95<100ms")).kind, CapacityKind::kExact);
}

TEST(LoadCurve, ARunWithoutAnyLimitBoundsWhatHasOneAlthoughItAchievedLess) {
  auto benchmarks = testing::Benchmarks(
      testing::kSmall, testing::kShape,
      {{.rps = 2, .itl_p95 = 20}, {.rps = 4, .itl_p95 = 30}, {.rps = 3.9, .itl_p95 = 900, .saturated = true}});
  benchmarks[2].measurement.load.offered_rps = {};
  const auto evidence = BuildModelEvidence("acme/tiny-8b", benchmarks);
  const auto capacity = evidence.configurations[0].curves[0].Capacity(SloOf("itl:p95<100ms"));
  EXPECT_EQ(capacity.kind, CapacityKind::kExact);
  EXPECT_DOUBLE_EQ(capacity.rps, 4);
}

TEST(LoadCurve, ACurveOfSaturatedPointsOnlyHasOneNode) {
  const auto curve = Curve({{.rps = 3, .itl_p95 = 50, .offered = 9, .saturated = true},
                            {.rps = 2, .itl_p95 = 90, .offered = 12, .saturated = true}});
  EXPECT_THAT(curve.node_rates(), ElementsAre(3));
  EXPECT_EQ(curve.Capacity(SloOf("itl:p95<60ms")).kind, CapacityKind::kExact);
  EXPECT_EQ(curve.Capacity(SloOf("itl:p95<40ms")).kind, CapacityKind::kNone);
}

TEST(LoadCurve, RepeatedMeasurementsOfOneRateCountWithTheWorstLatency) {
  const auto curve =
      Curve({{.rps = 2, .itl_p95 = 20}, {.rps = 2.004, .itl_p95 = 26, .offered = 2}, {.rps = 4, .itl_p95 = 40}});
  EXPECT_THAT(curve.node_rates(), ElementsAre(2, 4));
  EXPECT_DOUBLE_EQ(*curve.LatencyAt(Metric::kItl, Statistic::kP95, 2), 26);
  EXPECT_EQ(curve.PointsAt(2), (std::pair<std::size_t, std::size_t>(0, 2)));
}

TEST(LoadCurve, ADipInLatencyNeverRaisesCapacity) {
  const auto curve = Curve(
      {{.rps = 1, .itl_p95 = 10}, {.rps = 2, .itl_p95 = 50}, {.rps = 3, .itl_p95 = 30}, {.rps = 4, .itl_p95 = 60}});
  EXPECT_LT(curve.Capacity(SloOf("itl:p95<40ms")).rps, 2);
  EXPECT_DOUBLE_EQ(*curve.LatencyAt(Metric::kItl, Statistic::kP95, 3), 50);
}

TEST(LoadCurve, LatencyBelowTheFirstNodeIsThatNodes) {
  EXPECT_DOUBLE_EQ(*Curve(kBending).LatencyAt(Metric::kItl, Statistic::kP95, 0.1), 20);
}

TEST(LoadCurve, LatencyBetweenNodesIsInterpolated) {
  EXPECT_NEAR(*Curve(kBending).LatencyAt(Metric::kItl, Statistic::kP95, 3), 31.032608695652172, 1e-10);
}

TEST(LoadCurve, AStatisticThatIsNowhereIsReportedAsNotMeasured) {
  auto benchmarks = testing::Benchmarks(testing::kSmall, testing::kShape, kBending);
  for (auto& benchmark : benchmarks) benchmark.measurement.itl[Statistic::kP50] = {};
  const auto evidence = BuildModelEvidence("acme/tiny-8b", benchmarks);
  const auto& curve = evidence.configurations[0].curves[0];
  EXPECT_EQ(curve.Capacity(SloOf("ttft:p95<9s;itl:p50<1s")).not_measured, 1);
  EXPECT_FALSE(curve.LatencyAt(Metric::kItl, Statistic::kP50, 2).has_value());
}

TEST(LoadCurve, ANodeWithoutTheStatisticIsPassedOver) {
  auto benchmarks = testing::Benchmarks(
      testing::kSmall, testing::kShape,
      {{.rps = 1, .itl_p95 = 10}, {.rps = 2, .itl_p95 = 11}, {.rps = 3, .itl_p95 = 30}, {.rps = 4, .itl_p95 = 31}});
  benchmarks[1].measurement.itl[Statistic::kP95] = {};
  benchmarks[3].measurement.itl[Statistic::kP95] = {};
  const auto evidence = BuildModelEvidence("acme/tiny-8b", benchmarks);
  const auto& curve = evidence.configurations[0].curves[0];
  EXPECT_NEAR(curve.Capacity(SloOf("itl:p95<20ms")).rps, 2, 1e-12);  // straight from 1 to 3
  const auto beyond = curve.Capacity(SloOf("itl:p95<50ms"));
  EXPECT_EQ(beyond.kind, CapacityKind::kLowerBound);
  EXPECT_DOUBLE_EQ(beyond.rps, 3);  // at 4 it was not measured
}

TEST(LoadCurve, ACapacityThatOneLimitProvesExactIsExactInAnyOrderOfLimits) {
  // Up to 2 requests/s both hold; TTFT fails right above, ITL was not measured there.
  auto benchmarks =
      testing::Benchmarks(testing::kSmall, testing::kShape,
                          {{.rps = 1, .ttft_p95 = 100}, {.rps = 2, .ttft_p95 = 200}, {.rps = 3, .ttft_p95 = 400}});
  benchmarks[2].measurement.itl[Statistic::kP95] = {};
  const auto evidence = BuildModelEvidence("acme/tiny-8b", benchmarks);
  for (const auto* slo : {"itl:p95<50ms;ttft:p95<200ms", "ttft:p95<200ms;itl:p95<50ms"}) {
    const auto limits = SloOf(slo);
    const auto capacity = evidence.configurations[0].curves[0].Capacity(limits);
    EXPECT_EQ(capacity.kind, CapacityKind::kExact) << slo;
    EXPECT_DOUBLE_EQ(capacity.rps, 2) << slo;
    ASSERT_GE(capacity.binding_limit, 0) << slo;
    EXPECT_EQ(limits.limits()[static_cast<std::size_t>(capacity.binding_limit)].metric, Metric::kTtft) << slo;
  }
}

TEST(LoadCurve, EvidenceIsTheNodeOrItsTwoNeighbours) {
  const auto curve = Curve(kBending);
  using Range = std::pair<std::size_t, std::size_t>;
  EXPECT_EQ(curve.PointsAt(0.5), Range(0, 1));
  EXPECT_EQ(curve.PointsAt(2), Range(1, 2));
  EXPECT_EQ(curve.PointsAt(3), Range(1, 3));
  EXPECT_EQ(curve.PointsAt(8), Range(3, 4));
  EXPECT_EQ(curve.PointsAt(9), Range(3, 4));
}

std::vector<Row> RandomRows(std::mt19937& random) {
  std::uniform_real_distribution<double> step(0.05, 3), latency(5, 400);
  std::vector<Row> rows(2 + random() % 9);
  double rate = 0;
  for (Row& row : rows) {
    rate += step(random);
    row = {.rps = rate, .ttft_p95 = latency(random), .itl_p95 = latency(random)};
  }
  return rows;
}

TEST(LoadCurveProperty, LatencyNeverFallsWithLoadAndCapacityNeverRisesWithATighterLimit) {
  constexpr std::uint32_t kSeed = 20261121;
  SCOPED_TRACE(::testing::Message() << "seed " << kSeed);
  std::mt19937 random(kSeed);
  for (int round = 0; round < 300; ++round) {
    const auto curve = Curve(RandomRows(random));
    double last = 0;
    for (double rps = 0.05; rps < 30; rps *= 1.05) {
      const double latency = *curve.LatencyAt(Metric::kItl, Statistic::kP95, rps);
      ASSERT_GE(latency, last);
      last = latency;
    }
    double capacity = 0;
    for (double limit = 4; limit < 500; limit *= 1.1) {
      const auto slo = SloOf("itl:p95<" + std::to_string(limit) + "ms");
      const auto now = curve.Capacity(slo);
      ASSERT_GE(now.rps, capacity);
      capacity = now.rps;
      if (now.kind == CapacityKind::kNone) continue;
      ASSERT_LE(*curve.LatencyAt(Metric::kItl, Statistic::kP95, capacity), slo.limits()[0].max_ms * (1 + 1e-9));
    }
  }
}

}  // namespace
}  // namespace loadline::planning
