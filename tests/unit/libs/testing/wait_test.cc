#include "libs/testing/wait.h"

#include <gtest/gtest.h>

namespace loadline::testing {
namespace {

TEST(WaitFor, ReturnsAsSoonAsTheConditionIsTrue) {
  int calls = 0;
  EXPECT_TRUE(WaitFor([&] { return ++calls == 3; }));
  EXPECT_EQ(calls, 3);
}

TEST(WaitFor, GivesUpAtTheTimeout) {
  EXPECT_FALSE(WaitFor([] { return false; }, std::chrono::milliseconds(5)));
}

}  // namespace
}  // namespace loadline::testing
