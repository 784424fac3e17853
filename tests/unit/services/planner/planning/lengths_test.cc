#include "services/planner/planning/lengths.h"

#include <gmock/gmock.h>

#include <limits>

namespace loadline::planning {
namespace {

using domain::Statistic;

LengthHistogram Lengths(std::vector<LengthBin> bins) { return *LengthHistogram::Make(std::move(bins)); }

std::vector<std::string> FieldsOf(const base::Result<LengthHistogram>& result) {
  std::vector<std::string> fields;
  if (result) return fields;
  for (const auto& violation : result.error().violations) fields.push_back(violation.field);
  return fields;
}

domain::LatencySummary Ttft() {
  domain::LatencySummary ttft;
  ttft.values = {110, 100, 180, 190, 198};
  return ttft;
}

TEST(LengthHistogram, KnowsItsMean) {
  const auto lengths = Lengths({{100, 10, 0.25}, {300, 50, 0.75}});
  EXPECT_DOUBLE_EQ(lengths.mean().input_tokens, 250);
  EXPECT_DOUBLE_EQ(lengths.mean().output_tokens, 40);
}

TEST(LengthHistogram, MergesOutputsOfTheSameLength) {
  const auto lengths = Lengths({{100, 50, 0.25}, {300, 10, 0.25}, {900, 50, 0.5}});
  EXPECT_THAT(lengths.outputs(),
              testing::ElementsAre(LengthHistogram::Output{10, 0.25}, LengthHistogram::Output{50, 0.75}));
}

TEST(LengthHistogram, NamesEveryBinThatIsWrong) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THAT(FieldsOf(LengthHistogram::Make({})), testing::ElementsAre("length_histogram.bins"));
  EXPECT_THAT(FieldsOf(LengthHistogram::Make({{0, 10, 0.5}, {100, nan, 0.5}, {1, 1, -1}}, "h")),
              testing::ElementsAre("h.bins[0].input_tokens", "h.bins[1].output_tokens", "h.bins[2].weight"));
  EXPECT_THAT(FieldsOf(LengthHistogram::Make({{1, 1, 0.5}, {2, 2, 0.4}}, "h")), testing::ElementsAre("h.bins"));
  EXPECT_THAT(FieldsOf(LengthHistogram::Make({{1, 1, nan}}, "h")), testing::ElementsAre("h.bins[0].weight"));
  EXPECT_TRUE(LengthHistogram::Make({{1, 1, 0.5}, {2, 2, 0.5000001}}));
}

TEST(E2eFromLengths, OfOneLengthIsShiftedTtft) {
  // 20 further tokens of 5 ms.
  const auto lengths = Lengths({{100, 21, 1}});
  EXPECT_NEAR(*E2eFromLengths(Ttft(), 5, lengths, Statistic::kMean), 110 + 100, 1e-9);
  EXPECT_NEAR(*E2eFromLengths(Ttft(), 5, lengths, Statistic::kP50), 100 + 100, 1e-6);
  EXPECT_NEAR(*E2eFromLengths(Ttft(), 5, lengths, Statistic::kP95), 190 + 100, 1e-6);
}

TEST(E2eFromLengths, MixesLengthsByTheirShare) {
  // Nine in ten have one token, the tenth has 1,001: p90 is the longest of the
  // short ones, p95 the median of the long ones.
  const auto lengths = Lengths({{100, 1, 0.9}, {100, 1001, 0.1}});
  EXPECT_NEAR(*E2eFromLengths(Ttft(), 5, lengths, Statistic::kP90), 200, 1e-6);
  EXPECT_NEAR(*E2eFromLengths(Ttft(), 5, lengths, Statistic::kP95), 5000 + 100, 1e-6);
}

TEST(E2eFromLengths, IsAbsentWithoutTtft) {
  EXPECT_FALSE(E2eFromLengths({}, 5, Lengths({{100, 21, 1}}), Statistic::kP95));
}

}  // namespace
}  // namespace loadline::planning
