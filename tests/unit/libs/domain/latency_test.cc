#include "libs/domain/latency.h"

#include <gtest/gtest.h>

#include <cmath>

namespace loadline::domain {
namespace {

TEST(Metric, NamesAreParsedBack) {
  for (const Metric metric : kMetrics) EXPECT_EQ(ParseMetric(Name(metric)), metric);
  EXPECT_EQ(ParseMetric("tpot"), std::nullopt);
  EXPECT_EQ(ParseMetric("TTFT"), std::nullopt);
}

TEST(Statistic, NamesAreParsedBack) {
  for (const Statistic statistic : kStatistics) EXPECT_EQ(ParseStatistic(Name(statistic)), statistic);
  EXPECT_EQ(ParseStatistic("p42"), std::nullopt);
}

TEST(LatencySummary, IsEmptyUntilOneValueIsThere) {
  LatencySummary summary;
  EXPECT_TRUE(summary.empty());
  summary[Statistic::kP99] = 12;
  EXPECT_FALSE(summary.empty());
}

TEST(Reading, AnAbsentOneEqualsAnotherAbsentOneOnly) {
  EXPECT_EQ(Reading(), Reading());
  EXPECT_FALSE(Reading() == Reading(0));
  EXPECT_EQ(Reading(1), Reading(1));
}

TEST(Reading, ANaNIsAbsent) {
  EXPECT_FALSE(Reading(std::nan("")).has_value());
  EXPECT_EQ(Reading(std::nan("")).ToOptional(), std::nullopt);
  EXPECT_EQ(Reading(2).ToOptional(), 2.0);
  EXPECT_EQ(Reading().value_or(7), 7);
}

}  // namespace
}  // namespace loadline::domain
