#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/integration/moving/mover.h"
#include "tests/integration/services.h"

namespace loadline::testing {
namespace {

using ::testing::HasSubstr;

constexpr int kRows = 1'500;

class AdoptionTest : public ::testing::Test {
 protected:
  // GPUs have the name of the catalogue, and versions no "v".
  void ExpectAdopted(const TestDatabase& database) const {
    EXPECT_EQ(database.Psql("SELECT count(*) FROM benchmark_results"), std::to_string(kRows));
    EXPECT_EQ(database.Psql("SELECT DISTINCT h.name FROM hardware_configs c JOIN hardware_types h "
                            "ON h.id = c.hardware_type_id"),
              "H100");
    EXPECT_EQ(database.Psql("SELECT DISTINCT version FROM inference_frameworks"), "0.8.4");
    EXPECT_EQ(database.Psql("SELECT document->'reasons'->0->>'reason' FROM benchmark_quarantine"), "NEGATIVE_VALUE");
  }

  Mover mover;
};

TEST_F(AdoptionTest, ReadsTheOlderTableOfTheSameDatabaseAndLeavesItAsItIs) {
  mover.MakeSummaries(kRows);
  const auto before = mover.SummariesHash();
  const auto moved = mover.Migrate(mover.database.url());
  ASSERT_EQ(moved.status, 0) << moved.error;
  const auto report = moved.Json();
  EXPECT_EQ(report["adopted"], true);
  EXPECT_EQ(report["row_count"], kRows + 1);
  EXPECT_EQ(report["accepted_count"], kRows);
  EXPECT_EQ(report["quarantined_count"], 1);
  EXPECT_EQ(mover.SummariesHash(), before);
  ExpectAdopted(mover.database);
}

TEST_F(AdoptionTest, ReadsTheOlderTableOfAnotherDatabase) {
  mover.MakeSummaries(kRows);
  const TestDatabase other(SharedPostgres());
  const auto moved =
      mover.Loadline({"migrate-data", "--from", mover.database.url(), "--to", other.url(), "--catalog", "catalog"});
  ASSERT_EQ(moved.status, 0) << moved.error;
  EXPECT_THAT(moved.out, HasSubstr("1,501 rows in: 1,500 new benchmarks, 0 there already, 1 in quarantine."));
  ExpectAdopted(other);
  EXPECT_EQ(mover.database.Psql("SELECT to_regclass('benchmark_results') IS NULL"), "t");
}

TEST_F(AdoptionTest, ReadsTheOlderTableOfASqliteFile) {
  SQLite::Database file((mover.folder / "older.db").string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  file.exec(fmt::format("CREATE TABLE exported_summaries ({})", kSummaryTypes));
  file.exec(
      fmt::format("WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {}) "
                  "INSERT INTO exported_summaries ({}) {}",
                  kRows, kSummaryColumns, SummaryRows("n")));
  const auto moved = mover.Migrate("sqlite:older.db");
  ASSERT_EQ(moved.status, 0) << moved.error;
  EXPECT_EQ(moved.Json()["accepted_count"], kRows);
  EXPECT_EQ(moved.Json()["quarantined_count"], 1);
  ExpectAdopted(mover.database);
}

TEST_F(AdoptionTest, RepeatedTakesOnlyWhatIsNew) {
  mover.MakeSummaries(kRows);
  ASSERT_EQ(mover.Migrate(mover.database.url()).status, 0);
  mover.database.Psql(fmt::format("INSERT INTO exported_summaries ({}) {}", kSummaryColumns,
                                  SummaryRows("generate_series(5000, 5009) i")));
  const auto again = mover.Migrate(mover.database.url());
  ASSERT_EQ(again.status, 0) << again.error;
  EXPECT_EQ(again.Json()["accepted_count"], 10);
  EXPECT_EQ(again.Json()["already_present_count"], kRows);
}

TEST_F(AdoptionTest, IsWhatMigrateOfTheStoreAdvises) {
  mover.MakeSummaries(3);
  const auto migrated = mover.MakeSchema();
  EXPECT_EQ(migrated.status, 0) << migrated.error;
  EXPECT_THAT(migrated.out, HasSubstr("loadline migrate-data"));
  ASSERT_EQ(mover.Migrate(mover.database.url()).status, 0);
  EXPECT_THAT(mover.MakeSchema().out, ::testing::Not(HasSubstr("loadline migrate-data")));
}

TEST_F(AdoptionTest, AStoreStartsBesideTheOlderTableAndSaysSo) {
  mover.MakeSummaries(3);
  StoreProcess store({{"BENCHMARK_SOURCE", "postgresql"}, {"DATABASE_URL", mover.database.url()}});
  EXPECT_TRUE(store.process().WaitForEvent("exported_summaries_found"));
}

TEST_F(AdoptionTest, NeedsTheTable) {
  const TestDatabase other(SharedPostgres());
  const auto moved = mover.Migrate(other.url());
  EXPECT_EQ(moved.status, 2);
  EXPECT_THAT(moved.error, HasSubstr("neither Loadline's tables nor a table exported_summaries"));
}

}  // namespace
}  // namespace loadline::testing
