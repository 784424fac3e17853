#include "services/planner/planning/match.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/unit/services/planner/planning/curves.h"

namespace loadline::planning {
namespace {

using testing::Benchmarks;
using testing::EvidenceOf;
using testing::kShape;
using testing::kSmall;
using testing::On;

std::vector<domain::Benchmark> Join(std::vector<std::vector<domain::Benchmark>> parts) {
  std::vector<domain::Benchmark> all;
  for (auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

const domain::TrafficShape kLong{.input_tokens = 1024, .output_tokens = 512};

TEST(FindClosest, ReturnsTheSameShapeAtDistanceZero) {
  const auto evidence =
      EvidenceOf(Join({Benchmarks(kSmall, kShape, {{.rps = 1}}), Benchmarks(kSmall, kLong, {{.rps = 1}})}));
  const auto match = FindClosest(evidence, {}, kLong, {});
  ASSERT_TRUE(match);
  EXPECT_EQ(match->curve->shape(), kLong);
  EXPECT_EQ(match->distance, 0);
}

TEST(FindClosest, ReturnsTheNearestShapeHoweverFarItIs) {
  const auto evidence = EvidenceOf(Benchmarks(kSmall, kShape, {{.rps = 1}}));
  const auto match = FindClosest(evidence, {}, {.input_tokens = 1024, .output_tokens = 64}, {});
  ASSERT_TRUE(match);
  EXPECT_NEAR(match->distance, std::sqrt(0.25 + 9), 1e-12);  // (1024-512)/1024 and (64-256)/64
}

TEST(FindClosest, TiesGoToTheSmallestConfigurationThenTheLowestRate) {
  const auto evidence = EvidenceOf(
      Join({Benchmarks(On("L4"), kShape, {{.rps = 1}}), Benchmarks(On("H100"), kShape, {{.rps = 4}, {.rps = 2}})}));
  const auto match = FindClosest(evidence, {}, kShape, {});
  ASSERT_TRUE(match);
  EXPECT_EQ(match->configuration->configuration.hardware, "H100");
  EXPECT_EQ(*match->curve->points()[match->point].achieved_rps, 2);
}

TEST(FindClosest, PrefersTheAchievedRateNearestToTheAskedOne) {
  const auto evidence = EvidenceOf(Benchmarks(kSmall, kShape, {{.rps = 1}, {.rps = 4}, {.rps = 8}}));
  const auto match = FindClosest(evidence, {}, kShape, 5.0);
  EXPECT_EQ(*match->curve->points()[match->point].achieved_rps, 4);
  const auto tie = FindClosest(evidence, {}, kShape, 6.0);
  EXPECT_EQ(*tie->curve->points()[tie->point].achieved_rps, 4) << "the lower rate wins a tie";
}

TEST(FindClosest, ReturnsNothingWhenNothingPassesTheFilter) {
  const auto evidence = EvidenceOf(Benchmarks(kSmall, kShape, {{.rps = 1}}));
  EXPECT_FALSE(FindClosest(evidence, {.hardware = "L4"}, kShape, {}));
  EXPECT_FALSE(FindClosest({}, {}, kShape, {}));
}

TEST(ClosestCurve, TiesGoToTheSmallerShape) {
  const auto evidence =
      EvidenceOf(Join({Benchmarks(kSmall, {.input_tokens = 300, .output_tokens = 100}, {{.rps = 1}}),
                       Benchmarks(kSmall, {.input_tokens = 100, .output_tokens = 100}, {{.rps = 1}})}));
  double distance = -1;
  const auto& curve =
      ClosestCurve(evidence[0]->configurations[0], {.input_tokens = 200, .output_tokens = 100}, &distance);
  EXPECT_EQ(curve.shape().input_tokens, 100);
  EXPECT_DOUBLE_EQ(distance, 0.5);
}

}  // namespace
}  // namespace loadline::planning
