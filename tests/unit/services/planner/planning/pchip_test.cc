#include "services/planner/planning/pchip.h"

#include <gtest/gtest.h>

namespace loadline::planning {
namespace {

// Expected values are those of scipy.interpolate.PchipInterpolator.

TEST(SegmentCubic, EqualsThePublishedInterpolantInsideACurve) {
  // x = 1, 2, 4, 5, 8; y = 10, 12, 13, 30, 100.
  const SegmentCubic inner(
      {.before = {1, 10}, .left = {2, 12}, .right = {4, 13}, .after = {5, 30}, .has_before = true, .has_after = true});
  EXPECT_NEAR(inner.At(2.5), 12.295592705167174, 1e-12);
  EXPECT_NEAR(inner.At(3.9), 12.898890577507597, 1e-12);
  const SegmentCubic next(
      {.before = {2, 12}, .left = {4, 13}, .right = {5, 30}, .after = {8, 100}, .has_before = true, .has_after = true});
  EXPECT_NEAR(next.At(4.25), 14.910353152220477, 1e-12);
}

TEST(SegmentCubic, EqualsThePublishedInterpolantAtBothEndsOfACurve) {
  const SegmentCubic first({.before = {}, .left = {1, 10}, .right = {2, 12}, .after = {4, 13}, .has_after = true});
  EXPECT_NEAR(first.At(1.5), 11.205357142857144, 1e-12);
  const SegmentCubic last({.before = {4, 13}, .left = {5, 30}, .right = {8, 100}, .after = {}, .has_before = true});
  EXPECT_NEAR(last.At(6), 50.42642306736266, 1e-12);
  EXPECT_NEAR(last.At(7.5), 86.39475360427541, 1e-12);
}

TEST(SegmentCubic, IsAStraightLineBetweenTwoLonelyNodes) {
  const SegmentCubic only({.before = {}, .left = {1, 10}, .right = {3, 20}, .after = {}});
  EXPECT_DOUBLE_EQ(only.At(2), 15);
  EXPECT_NEAR(only.RateAt(12.5), 1.5, 1e-12);
}

TEST(SegmentCubic, LeavesAFlatStretchFlatAndStartsTheNextOneSoftly) {
  const SegmentCubic flat({.before = {}, .left = {1, 10}, .right = {2, 10}, .after = {4, 30}, .has_after = true});
  EXPECT_DOUBLE_EQ(flat.At(1.5), 10);
  const SegmentCubic rising({.before = {1, 10}, .left = {2, 10}, .right = {4, 30}, .after = {}, .has_before = true});
  EXPECT_NEAR(rising.At(3), 15.833333333333332, 1e-12);
  EXPECT_NEAR(rising.At(3.5), 22.1875, 1e-12);
}

TEST(SegmentCubic, RateAtIsTheInverseOfAt) {
  const SegmentCubic segment({.before = {2, 25}, .left = {4, 40}, .right = {8, 200}, .after = {}, .has_before = true});
  EXPECT_NEAR(segment.RateAt(100), 6.11714191467508, 1e-10);
  for (double latency = 40; latency < 200; latency += 0.37) {
    EXPECT_NEAR(segment.At(segment.RateAt(latency)), latency, 1e-9 * latency);
  }
}

}  // namespace
}  // namespace loadline::planning
