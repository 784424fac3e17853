#include "services/benchmark-store/moving/table_comparison.h"

#include <gmock/gmock.h>

namespace loadline::store::moving {
namespace {

using ::testing::ElementsAre;
using Rows = std::vector<std::pair<std::string, std::string>>;

TableVerdict Compare(const Rows& source, const Rows& destination) {
  TableComparison table("a table");
  for (const auto& [key, content] : source) table.Expect(key, content);
  for (const auto& [key, content] : destination) table.Find(key, content);
  return table.Finish();
}

TEST(TableComparisonTest, TheSameRowsInAnotherOrderAreTheSame) {
  const auto verdict = Compare({{"a", "1"}, {"b", "2"}}, {{"b", "2"}, {"a", "1"}});
  EXPECT_TRUE(verdict.same());
  EXPECT_EQ(verdict.source_rows, 2);
  EXPECT_EQ(verdict.destination_rows, 2);
  EXPECT_EQ(verdict.source_sha256, verdict.destination_sha256);
}

TEST(TableComparisonTest, AMissingRowIsADifference) {
  const auto verdict = Compare({{"a", "1"}, {"b", "2"}}, {{"b", "2"}});
  EXPECT_FALSE(verdict.same());
  EXPECT_EQ(verdict.destination_rows, 1);
  EXPECT_THAT(verdict.examples, ElementsAre("a"));
  EXPECT_NE(verdict.source_sha256, verdict.destination_sha256);
}

TEST(TableComparisonTest, ARowWithOtherContentIsADifference) {
  const auto verdict = Compare({{"a", "1"}, {"b", "2"}}, {{"b", "3"}, {"a", "1"}});
  EXPECT_EQ(verdict.differing, 1);
  EXPECT_EQ(verdict.destination_rows, 2);
  EXPECT_THAT(verdict.examples, ElementsAre("b"));
  EXPECT_NE(verdict.source_sha256, verdict.destination_sha256);
}

TEST(TableComparisonTest, WhatOnlyTheDestinationHasDoesNotCount) {
  const auto verdict = Compare({{"a", "1"}}, {{"a", "1"}, {"c", "9"}});
  EXPECT_TRUE(verdict.same());
  EXPECT_EQ(verdict.destination_sha256, Compare({{"a", "1"}}, {{"a", "1"}}).destination_sha256);
}

TEST(TableComparisonTest, ARowThatTheSourceHasTwiceMayBeEither) {
  const Rows source = {{"a", "1"}, {"a", "2"}};
  EXPECT_TRUE(Compare(source, {{"a", "2"}}).same());
  EXPECT_TRUE(Compare(source, {{"a", "1"}}).same());
  EXPECT_FALSE(Compare(source, {{"a", "3"}}).same());
  EXPECT_EQ(Compare(source, {}).source_rows, 1);
}

TEST(TableComparisonTest, TellsAFewOfManyDifferences) {
  Rows source;
  for (char key = 'a'; key <= 'z'; ++key) source.push_back({std::string(1, key), "1"});
  const auto verdict = Compare(source, {});
  EXPECT_EQ(verdict.differing, 26);
  EXPECT_THAT(verdict.examples, ElementsAre("a", "b", "c", "d", "e"));
}

TEST(TableComparisonTest, EmptyTablesAreTheSame) { EXPECT_TRUE(Compare({}, {{"a", "1"}}).same()); }

}  // namespace
}  // namespace loadline::store::moving
