#include "libs/rpc/accept_rate.h"

#include <gtest/gtest.h>

namespace loadline::rpc {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr AcceptRate::Time kStart{};

// How many begin if as many as may do.
int Begin(AcceptRate& rate, AcceptRate::Time now) {
  int begun = 0;
  for (; rate.Allows(now); ++begun) rate.Count();
  return begun;
}

TEST(AcceptRate, AllowsASecondsWorthAtOnce) {
  AcceptRate rate(100, kStart);
  EXPECT_EQ(Begin(rate, kStart), 100);
  EXPECT_FALSE(rate.Allows(kStart));
}

TEST(AcceptRate, AllowsThenAsManyAsTimePasses) {
  AcceptRate rate(100, kStart);
  Begin(rate, kStart);
  EXPECT_EQ(Begin(rate, kStart + milliseconds(105)), 10);
  // Halves are not lost.
  EXPECT_EQ(Begin(rate, kStart + milliseconds(110)), 1);
}

TEST(AcceptRate, SavesNoMoreThanASecondsWorth) {
  AcceptRate rate(100, kStart);
  Begin(rate, kStart);
  EXPECT_EQ(Begin(rate, kStart + seconds(3600)), 100);
}

}  // namespace
}  // namespace loadline::rpc
