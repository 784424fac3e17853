#include "services/planner/planning/ranking.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "services/planner/planning/plan.h"
#include "services/planner/planning/ranking_report.h"

namespace loadline::planning {
namespace {

constexpr double kNoBudget = std::numeric_limits<double>::infinity();

TEST(ScoresOf, EachCriterionHasAFixedScale) {
  const auto scores = ScoresOf({.usd_per_month = 250, .excellence = 0.5, .slo_confidence = 0.9}, 1000);
  EXPECT_DOUBLE_EQ(scores.cost, 0.75);
  EXPECT_DOUBLE_EQ(scores.latency, 0.5);
  EXPECT_DOUBLE_EQ(scores.risk, 0.9);
  EXPECT_DOUBLE_EQ(ScoresOf({.usd_per_month = 0}, kNoBudget).cost, 1);
  EXPECT_DOUBLE_EQ(ScoresOf({.usd_per_month = 1e9}, kNoBudget).cost, 0);
  EXPECT_DOUBLE_EQ(ScoresOf({}, kNoBudget).risk, 0.5);
}

TEST(Excellence, GoesFromTheLimitToWhatIsExcellent) {
  EXPECT_DOUBLE_EQ(Excellence(500, 500, 200), 0);
  EXPECT_DOUBLE_EQ(Excellence(275, 500, 200), 0.75);
  EXPECT_DOUBLE_EQ(Excellence(200, 500, 200), 1);
  EXPECT_DOUBLE_EQ(Excellence(10, 500, 200), 1);
  EXPECT_DOUBLE_EQ(Excellence(600, 500, 200), 0);
}

TEST(Closeness, ByHand) {
  // Weighted distances: to the ideal sqrt((0.5 x 0.4)^2 + (0.5 x 0.8)^2), to
  // the worst sqrt((0.5 x 0.6)^2 + (0.5 x 0.2)^2).
  const CriteriaScores scores{.cost = 0.6, .latency = 0.2};
  const double ideal = std::sqrt(0.04 + 0.16);
  const double worst = std::sqrt(0.09 + 0.01);
  EXPECT_NEAR(Closeness(scores, {.cost = 0.5, .latency = 0.5}), worst / (worst + ideal), 1e-15);
}

TEST(Closeness, OfOneCriterionIsItsScore) {
  EXPECT_DOUBLE_EQ(Closeness({.cost = 0.37, .latency = 1, .risk = 1}, {}), 0.37);
}

TEST(Closeness, AnUnknownQualityLeavesItsWeightToTheOthers) {
  const CriteriaScores scores{.cost = 0.6, .latency = 0.2};
  EXPECT_DOUBLE_EQ(Closeness(scores, {.cost = 0.25, .latency = 0.25, .quality = 0.5}),
                   Closeness(scores, {.cost = 0.5, .latency = 0.5}));
}

PlanOption Option(double capacity_rps, double usd_per_month, double excellence) {
  PlanOption option;
  option.configuration.hardware_count = 1;
  option.capacity = {.rps = capacity_rps, .kind = CapacityKind::kExact, .basis = Basis::kInterpolated};
  option.cost.usd_per_month = usd_per_month;
  option.cost.price.usd_per_gpu_hour = usd_per_month / 730;
  option.excellence = excellence;
  option.slo_confidence = 0.9;
  return option;
}

PlanRequest Request() { return {.shape = {512, 256}, .rps = 1, .slo = *domain::Slo::Parse("ttft:p95<500ms")}; }

TEST(MonthlyCost, ReckonsWithBurstsAsThePlanDoes) {
  auto option = Option(4, 730, 0.3);
  auto request = Request();
  request.rps = 10;
  EXPECT_DOUBLE_EQ(MonthlyCost(option, request, 4), 3 * 730);
  request.arrivals.inter_arrival_cv = 4;
  EXPECT_DOUBLE_EQ(MonthlyCost(option, request, 4), 3 * 730) << "no limit leaves anything to wait in";
  option.wait_budget_ms = 200;
  const auto sizing = SizeReplicas({.rps = 10,
                                    .capacity_rps = 4,
                                    .headroom = request.headroom,
                                    .wait_budget_ms = 200,
                                    .confidence = request.confidence,
                                    .arrivals = request.arrivals});
  EXPECT_GT(sizing.replicas, 3);
  EXPECT_DOUBLE_EQ(MonthlyCost(option, request, 4), sizing.replicas * 730);
}

TEST(ReportRanking, SaysWhoDominatesWhom) {
  const auto report = ReportRanking({Option(10, 100, 0.3), Option(10, 200, 0.2), Option(10, 300, 0.4)}, Request());
  ASSERT_EQ(report.options.size(), 3u);
  EXPECT_TRUE(report.options[0].dominated_by.empty());
  EXPECT_EQ(report.options[1].dominated_by, std::vector<int>{0});
  EXPECT_TRUE(report.options[2].dominated_by.empty());
}

TEST(ReportRanking, AClearWinnerIsFirstInEveryDraw) {
  const auto report = ReportRanking({Option(10, 100, 0.3), Option(10, 2000, 0.2)}, Request());
  EXPECT_NEAR(report.options[0].probability_first, 1, 1e-9);
  EXPECT_EQ(report.options[1].probability_first, 0);
}

TEST(ReportRanking, TheSameSeedDrawsTheSame) {
  auto uncertain = Option(10, 100, 0.3);
  uncertain.capacity = {.rps = 1.5, .kind = CapacityKind::kPredicted, .basis = Basis::kPredicted};
  uncertain.capacity.calibration = CapacityCalibration{
      .point_rps = 2, .correction = 1, .margin = 0.7, .capacity_rps = {.lower = 1, .upper = 4}, .shapes = 9};
  auto other = Option(3, 120, 0.3);
  const auto a = ReportRanking({uncertain, other}, Request());
  const auto b = ReportRanking({uncertain, other}, Request());
  EXPECT_EQ(a.options[0].probability_first, b.options[0].probability_first);
  EXPECT_GT(a.options[0].probability_first, 0.5);
  EXPECT_LT(a.options[0].probability_first, 1);
  EXPECT_NEAR(a.options[0].probability_first + a.options[1].probability_first, 1, 1e-9);
}

}  // namespace
}  // namespace loadline::planning
