#include "services/planner/evidence/heap_trim.h"

#include <gtest/gtest.h>

#include "libs/testing/fake_clock.h"

namespace loadline::planner {
namespace {

class HeapTrimTest : public ::testing::Test {
 protected:
  void Free(std::size_t benchmarks) {
    trim.Freed(benchmarks);
    trim.TrimIfDue();
  }

  loadline::testing::FakeClock clock;
  int trims = 0;
  HeapTrim trim{clock, [this] { ++trims; }};
};

TEST_F(HeapTrimTest, LeavesTheHeapAloneWhereNothingWasFreed) {
  trim.TrimIfDue();
  EXPECT_EQ(trims, 0);
}

TEST_F(HeapTrimTest, ReturnsALittleOnceInAWhile) {
  Free(1);
  EXPECT_EQ(trims, 1) << "the first";
  Free(1);
  Free(1);
  EXPECT_EQ(trims, 1);
  clock.Advance(HeapTrim::kInterval);
  trim.TrimIfDue();
  EXPECT_EQ(trims, 2) << "nothing stays for ever";
  clock.Advance(HeapTrim::kInterval);
  trim.TrimIfDue();
  EXPECT_EQ(trims, 2) << "nothing is left";
}

TEST_F(HeapTrimTest, ReturnsMuchAtOnce) {
  Free(1);
  Free(HeapTrim::kMuch - 1);
  EXPECT_EQ(trims, 1);
  Free(1);
  EXPECT_EQ(trims, 2);
}

}  // namespace
}  // namespace loadline::planner
