#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>

#include "libs/testing/matchers.h"
#include "libs/testing/temp_dir.h"
#include "services/benchmark-store/moving/summary_table.h"

namespace loadline::store::moving {
namespace {

using loadline::testing::HasViolation;
using loadline::testing::IsOk;
using loadline::testing::TempDir;
using ::testing::ElementsAre;
using ::testing::Not;
using ::testing::SizeIs;

class SqliteTableTest : public ::testing::Test {
 protected:
  void Run(const std::string& sql) { SQLite::Database(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec(sql); }

  TempDir folder;
  const std::string path = folder / "older.db";
};

TEST_F(SqliteTableTest, GivesCellsAsTextWithEveryDigit) {
  Run("CREATE TABLE exported_summaries (model TEXT, ttft REAL, count INTEGER, note TEXT);"
      "INSERT INTO exported_summaries VALUES ('a', 0.1234567890123456789, 9007199254740993, NULL)");
  const auto table = OpenSqliteTable(path);
  ASSERT_THAT(table, IsOk());
  EXPECT_THAT((*table)->columns(), ElementsAre("model", "ttft", "count", "note"));
  const auto page = (*table)->Read("");
  ASSERT_THAT(page, IsOk());
  ASSERT_THAT(page->rows, SizeIs(1));
  EXPECT_THAT(page->rows[0].values, ElementsAre("a", "0.12345678901234568", "9007199254740993", std::nullopt));
  EXPECT_EQ(page->next, "");
}

TEST_F(SqliteTableTest, GivesEachRowOnceOverManyPages) {
  Run("CREATE TABLE exported_summaries (n INTEGER);"
      "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 2500) "
      "INSERT INTO exported_summaries SELECT n FROM c; DELETE FROM exported_summaries WHERE n = 1000");
  const auto table = OpenSqliteTable(path);
  ASSERT_THAT(table, IsOk());
  EXPECT_EQ((*table)->row_count(), 2499);
  std::vector<std::string> seen;
  std::string after;
  do {
    const auto page = (*table)->Read(after);
    ASSERT_THAT(page, IsOk());
    for (const auto& row : page->rows) seen.push_back(*row.values[0]);
    after = page->next;
  } while (!after.empty());
  EXPECT_THAT(seen, SizeIs(2499));
  EXPECT_EQ(seen.front(), "1");
  EXPECT_EQ(seen.back(), "2500");
}

TEST_F(SqliteTableTest, NeedsAFileWithTheTable) {
  EXPECT_THAT(OpenSqliteTable(folder / "none.db"), Not(IsOk()));
  Run("CREATE TABLE other (a)");
  const auto table = OpenSqliteTable(path);
  ASSERT_THAT(table, Not(IsOk()));
  EXPECT_THAT(table.error(), HasViolation("--from"));
  EXPECT_THAT(OpenSqliteTable(folder.Write("text.db", "not a database, just some text")), Not(IsOk()));
}

}  // namespace
}  // namespace loadline::store::moving
