#include "services/planner/planning/calibration.h"

#include <gmock/gmock.h>

#include <cmath>
#include <random>

#include "services/planner/planning/latency_errors.h"
#include "services/planner/planning/shape_kernel.h"
#include "tests/unit/services/planner/planning/prediction_fixture.h"

namespace loadline::planning {
namespace {

using domain::Metric;
using domain::Statistic;
using testing::Ask;
using testing::Evidence;
using testing::kUnseen;
using testing::NineShapes;

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

TEST(ReachOf, IsWholeAmongTheShapesAndFallsFarOutside) {
  std::vector<LogShape> known;
  for (const auto& shape : NineShapes()) known.push_back(LogShape::Of(shape));
  const auto reach = [&](double input, double output) { return ReachOf(known, LogShape::Of({input, output})); };
  EXPECT_EQ(reach(512, 256), 1);
  EXPECT_EQ(reach(900, 300), 1);
  EXPECT_LT(reach(100'000, 256), 0.5);
  EXPECT_LT(reach(1'000'000, 256), reach(100'000, 256));
  EXPECT_EQ(ReachOf({known.data(), 1}, known[0]), 0);
}

TEST(CapacityErrors, ShapesFarOutsideWidenTheMargin) {
  const auto evidence = Evidence(0.1);
  const auto near = CapacityErrors::At(evidence, Ask().slo.limits(), kUnseen).Calibrate(10, 0.88);
  const auto far = CapacityErrors::At(evidence, Ask().slo.limits(), {1e6, 300}).Calibrate(10, 0.88);
  EXPECT_TRUE(far.few_shapes);
  EXPECT_LT(far.margin, near.margin);
}

}  // namespace
}  // namespace loadline::planning
