#include "libs/testing/fake_clock.h"

#include <gtest/gtest.h>

namespace loadline::testing {
namespace {

using std::chrono::milliseconds;

TEST(FakeClock, StandsStillUnlessAdvanced) {
  const FakeClock clock;
  EXPECT_EQ(clock.Now(), clock.Now());
  EXPECT_EQ(clock.WallTime(), clock.WallTime());
}

TEST(FakeClock, AdvanceMovesBothTimesAlike) {
  FakeClock clock;
  const auto now = clock.Now();
  const auto wall = clock.WallTime();
  clock.Advance(milliseconds(1500));
  EXPECT_EQ(clock.Now() - now, milliseconds(1500));
  EXPECT_EQ(clock.WallTime() - wall, milliseconds(1500));
}

TEST(FakeClock, StartsWith2026) {
  const std::chrono::sys_days day = std::chrono::year(2026) / 1 / 1;
  EXPECT_EQ(FakeClock().WallTime(), base::Timestamp(day));
}

}  // namespace
}  // namespace loadline::testing
