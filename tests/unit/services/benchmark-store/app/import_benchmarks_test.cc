#include "services/benchmark-store/app/import_benchmarks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/testing/matchers.h"
#include "tests/conformance/sample.h"
#include "tests/unit/services/benchmark-store/store_folder.h"

namespace loadline::store {
namespace {

using base::ErrorCode;
using loadline::testing::Fails;
using loadline::testing::HasViolation;
using loadline::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::SizeIs;

constexpr std::int64_t kManyRows = 1000;

ImportedRow RowOf(domain::Measurement measurement, std::vector<std::string> problems = {}) {
  return {.measurement = std::move(measurement), .location = "line 1", .problems = std::move(problems)};
}

class ImportBenchmarksTest : public ::testing::Test {
 protected:
  ImportBenchmarks Begin(std::int64_t max_rows = kManyRows) const {
    return ImportBenchmarks::Begin(store_.repositories, max_rows, {}).value();
  }
  std::size_t Count() const { return store_.store->Current()->rows.size(); }

  StoreOnDisk store_;
};

TEST_F(ImportBenchmarksTest, StoresGoodRowsAndQuarantinesBadOnes) {
  auto intake = Begin();
  ASSERT_THAT(intake.Add(RowOf(Sample({.hardware = "H100-SXM"}))), IsOk());
  ASSERT_THAT(intake.Add(RowOf(Sample({.rate = 2, .saturated = true}))), IsOk());
  ASSERT_THAT(intake.Add(RowOf(BadSample({}))), IsOk());
  const auto summary = intake.Finish(3, false).value();
  EXPECT_EQ(summary.outcome.accepted, 2);
  EXPECT_EQ(summary.outcome.saturated, 1);
  EXPECT_EQ(summary.outcome.quarantined, 1);
  EXPECT_TRUE(store_.store->Current()->HasBenchmark(domain::BenchmarkId::Of(Sample({}))));
}

TEST_F(ImportBenchmarksTest, CountsReasonsByRowMostFrequentFirst) {
  auto intake = Begin();
  ASSERT_THAT(intake.Add(RowOf(Sample({.rate = 1}), {"a: wrong", "b: wrong"})), IsOk());
  ASSERT_THAT(intake.Add(RowOf(Sample({.rate = 2}), {"a: wrong"})), IsOk());
  auto negative = Sample({.rate = 3});
  negative.tokens_per_second = -1;
  ASSERT_THAT(intake.Add(RowOf(negative)), IsOk());
  EXPECT_THAT(intake.Finish(3, false)->reason_counts,
              ElementsAre(Pair("UNREADABLE_VALUE", 2), Pair("NEGATIVE_VALUE", 1)));
}

TEST_F(ImportBenchmarksTest, ShowsTheFirstTwentyQuarantinedRows) {
  auto intake = Begin();
  for (int row = 0; row < 25; ++row) {
    auto bad = RowOf(BadSample({.variant = row}));
    bad.location = "line " + std::to_string(row);
    ASSERT_THAT(intake.Add(bad), IsOk());
  }
  const auto summary = intake.Finish(25, false).value();
  EXPECT_EQ(summary.outcome.quarantined, 25);
  ASSERT_THAT(summary.quarantined, SizeIs(20));
  EXPECT_EQ(summary.quarantined[0].location, "line 0");
  EXPECT_EQ(summary.quarantined[19].location, "line 19");
}

TEST_F(ImportBenchmarksTest, RefusesAWrongRowCountAndStoresNothing) {
  auto intake = Begin();
  ASSERT_THAT(intake.Add(RowOf(Sample({}))), IsOk());
  const auto summary = intake.Finish(2, false);
  EXPECT_THAT(summary, HasViolation("commit.row_count"));
  EXPECT_EQ(summary.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(summary.error().message, HasSubstr("2"));
  EXPECT_EQ(Count(), 0U);
}

TEST_F(ImportBenchmarksTest, ValidatesWithoutStoring) {
  auto intake = Begin();
  ASSERT_THAT(intake.Add(RowOf(Sample({}))), IsOk());
  ASSERT_THAT(intake.Add(RowOf(BadSample({}))), IsOk());
  const auto summary = intake.Finish(2, true).value();
  EXPECT_EQ(summary.outcome.accepted, 1);
  EXPECT_EQ(summary.outcome.quarantined, 1);
  EXPECT_EQ(Count(), 0U);
  EXPECT_THAT(*store_.store->Current()->quarantine, SizeIs(0));
}

TEST_F(ImportBenchmarksTest, RefusesMoreRowsThanItMayTake) {
  auto intake = Begin(2);
  ASSERT_THAT(intake.Add(RowOf(Sample({.rate = 1}))), IsOk());
  ASSERT_THAT(intake.Add(RowOf(BadSample({}))), IsOk());
  EXPECT_THAT(intake.Add(RowOf(Sample({.rate = 2}))), Fails(ErrorCode::kResourceExhausted, "IMPORT_TOO_LARGE"));
}

TEST_F(ImportBenchmarksTest, StoresNothingWithoutFinish) {
  ASSERT_THAT(Begin().Add(RowOf(Sample({}))), IsOk());
  EXPECT_EQ(Count(), 0U);
}

}  // namespace
}  // namespace loadline::store
