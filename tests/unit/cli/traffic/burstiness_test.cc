#include "cli/traffic/burstiness.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace loadline::cli {
namespace {

constexpr unsigned kSeed = 20261121;

TEST(Burstiness, ByHand) {
  Burstiness burstiness;
  EXPECT_EQ(burstiness.Cv(), 0);
  for (const double gap : {0.5, 3.0, 0.5}) burstiness.Add(gap);
  // Mean 4/3, variance 25/18.
  EXPECT_NEAR(burstiness.Cv(), std::sqrt(25.0 / 18) / (4.0 / 3), 1e-12);
}

TEST(Burstiness, ArrivalsAtTheSameTimeHaveNone) {
  Burstiness burstiness;
  for (int i = 0; i < 500; ++i) burstiness.Add(0);
  EXPECT_EQ(burstiness.Cv(), 0);
}

// Poisson arrivals whose rate follows night and day: the gaps of a whole day vary
// far more than those of a Poisson process, and yet there is no burst.
TEST(Burstiness, NightAndDayAreNoBursts) {
  std::mt19937_64 random(kSeed);
  std::exponential_distribution<double> unit(1);
  Burstiness burstiness;
  double seconds = 0, sum = 0, squares = 0, count = 0;
  while (seconds < 86'400) {
    const double rate = 5 + 4.9 * std::sin(2 * M_PI * seconds / 86'400);
    const double gap = unit(random) / rate;
    burstiness.Add(gap);
    seconds += gap;
    sum += gap;
    squares += gap * gap;
    ++count;
  }
  const double mean = sum / count;
  EXPECT_GT(std::sqrt(squares / count - mean * mean) / mean, 2) << "of the whole day";
  EXPECT_NEAR(burstiness.Cv(), 1, 0.02) << "seed " << kSeed;
}

TEST(Burstiness, BurstsWithinAMinuteCount) {
  Burstiness burstiness;
  // Ten at once every ten seconds, all day: nine gaps of 0, one of 10.
  for (int i = 0; i < 86'400; ++i) burstiness.Add(i % 10 == 9 ? 10 : 0);
  EXPECT_NEAR(burstiness.Cv(), 3, 0.01);
}

TEST(Burstiness, AStretchOfASlowTraceLastsUntilItHasEnoughArrivals) {
  std::mt19937_64 random(kSeed);
  std::exponential_distribution<double> gap(1.0 / 50);  // one in 50 s
  Burstiness burstiness;
  for (int i = 0; i < 20'000; ++i) burstiness.Add(gap(random));
  EXPECT_NEAR(burstiness.Cv(), 1, 0.03) << "seed " << kSeed;
}

}  // namespace
}  // namespace loadline::cli
