#include "libs/domain/traffic_shape.h"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>

#include "libs/testing/matchers.h"

namespace loadline::domain {
namespace {

using ::loadline::testing::HasViolation;
using ::loadline::testing::IsOk;

TEST(TrafficShape, TakesEverythingUpToTheMaximum) {
  EXPECT_THAT(TrafficShape::Make(512, 256), IsOk());
  EXPECT_THAT(TrafficShape::Make(TrafficShape::kMinTokens, TrafficShape::kMaxTokens), IsOk());
}

TEST(TrafficShape, RefusesWhatIsNoLength) {
  const double inf = std::numeric_limits<double>::infinity();
  for (const double wrong : {0.0, -0.0, -1.0, 10'000'000.5, inf, -inf, std::nan("")}) {
    EXPECT_THAT(TrafficShape::Make(wrong, 256, "target.shape"), HasViolation("target.shape.input_tokens")) << wrong;
    EXPECT_THAT(TrafficShape::Make(512, wrong, "target.shape"), HasViolation("target.shape.output_tokens")) << wrong;
  }
}

TEST(TrafficShape, NamesBothWrongSides) {
  const auto shape = TrafficShape::Make(0, -3);
  ASSERT_FALSE(shape);
  EXPECT_EQ(shape.error().message,
            "shape.input_tokens: must be from 0.001 to 10000000 tokens; found 0; "
            "shape.output_tokens: must be from 0.001 to 10000000 tokens; found -3");
}

TEST(TrafficShape, PrintsWithoutNeedlessDigits) {
  EXPECT_EQ((TrafficShape{512, 256}.ToString()), "(512, 256)");
  EXPECT_EQ((TrafficShape{512.5, 10'000'000}.ToString()), "(512.5, 10000000)");
}

TEST(Distance, IsRelativeToWhatWasAsked) {
  EXPECT_DOUBLE_EQ(Distance({100, 100}, {130, 140}), 0.5);
  EXPECT_DOUBLE_EQ(Distance({100, 100}, {200, 100}), 1.0);
  EXPECT_DOUBLE_EQ(Distance({200, 100}, {100, 100}), 0.5);
}

RC_GTEST_PROP(DistanceProperty, IsZeroForTheSameShapeOnly, ()) {
  const auto length = rc::gen::inRange(1, 5000);
  const TrafficShape a{static_cast<double>(*length), static_cast<double>(*length)};
  const TrafficShape b{static_cast<double>(*length), static_cast<double>(*length)};
  RC_ASSERT(Distance(a, b) >= 0);
  RC_ASSERT((Distance(a, b) == 0) == (a == b));
  RC_ASSERT(Distance(a, a) == 0);
}

}  // namespace
}  // namespace loadline::domain
