#include <gmock/gmock.h>
#include <signal.h>

#include "tests/integration/held_lock.h"
#include "tests/integration/moving/mover.h"
#include "tests/integration/services.h"

namespace loadline::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr int kRows = 600;
// loadline's exit status where both sides are not the same.
constexpr int kDifferent = 4;
constexpr int kBadInput = 2;

class MigrateDataTest : public ::testing::Test {
 protected:
  std::string Count(const std::string& table) const { return mover.database.Psql("SELECT count(*) FROM " + table); }

  Mover mover;
};

TEST_F(MigrateDataTest, FromJsonAndBackIsTheSameBytes) {
  const auto data = mover.JsonData("a", kRows);
  const auto moved = mover.Migrate("json:a", {"--batch-rows", "100"});
  ASSERT_EQ(moved.status, 0) << moved.error;
  EXPECT_EQ(moved.Json()["accepted_count"], kRows);
  EXPECT_EQ(moved.Json()["quarantined_count"], 5);
  EXPECT_EQ(moved.Json()["merged"], false);
  const auto exported = mover.Loadline({"export", "--from", mover.database.url(), "--to", "json:b"});
  ASSERT_EQ(exported.status, 0) << exported.error;
  EXPECT_EQ(DifferenceOf(data, mover.folder / "b"), "");
}

TEST_F(MigrateDataTest, WhatARunningStoreExportsIsTheSameBytes) {
  const auto data = mover.JsonData("a", kRows);
  ASSERT_EQ(mover.Migrate("json:a").status, 0);
  StoreProcess store({{"BENCHMARK_SOURCE", "postgresql"}, {"DATABASE_URL", mover.database.url()}});
  const auto exported = mover.Loadline({"export", "--store", store.address(), "--to", "json:b"});
  ASSERT_EQ(exported.status, 0) << exported.error;
  EXPECT_EQ(DifferenceOf(data, mover.folder / "b"), "");
}

TEST_F(MigrateDataTest, OfOneDatabaseIntoAnotherMovesAll) {
  const auto data = mover.JsonData("a", kRows);
  ASSERT_EQ(mover.Migrate("json:a").status, 0);
  const TestDatabase other(SharedPostgres());
  const auto moved = mover.Loadline({"migrate-data", "--from", mover.database.url(), "--to", other.url()});
  ASSERT_EQ(moved.status, 0) << moved.error;
  EXPECT_THAT(moved.out, HasSubstr("All that the source holds is in the destination."));
  ASSERT_EQ(mover.Loadline({"export", "--from", other.url(), "--to", "json:b"}).status, 0);
  EXPECT_EQ(DifferenceOf(data, mover.folder / "b"), "");
}

TEST_F(MigrateDataTest, GoesOnFromItsLastCommitAfterKill9) {
  mover.JsonData("a", 5'000);
  ASSERT_EQ(mover.MakeSchema().status, 0);
  // The third commit waits for a lock that the test holds.
  mover.database.Psql(
      "CREATE TABLE gate (a int); CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS "
      "$$BEGIN LOCK TABLE gate; RETURN NEW; END$$; CREATE TRIGGER wait BEFORE INSERT ON revisions FOR EACH ROW "
      "WHEN (NEW.revision > 3) EXECUTE FUNCTION wait()");
  {
    const HeldLock lock(SharedPostgres(), mover.database.name(), "gate", "ACCESS EXCLUSIVE");
    Process killed(mover.MigrateProcess("json:a", {"--batch-rows", "1000"}));
    ASSERT_TRUE(lock.AwaitWaiting(1)) << killed.ErrorOutput();
    killed.Signal(SIGKILL);
    ASSERT_TRUE(killed.Wait());
  }
  ASSERT_TRUE(mover.database.Await(
      "SELECT count(*) = 0 FROM pg_stat_activity WHERE datname = current_database() AND usename = 'loadline'"));
  mover.database.Psql("DROP TRIGGER wait ON revisions");
  const auto resumed = mover.Migrate("json:a");
  ASSERT_EQ(resumed.status, 0) << resumed.error;
  EXPECT_GE(resumed.Json()["resumed_row_count"], 2'000);
  EXPECT_LT(resumed.Json()["resumed_row_count"], 5'000);
  EXPECT_EQ(resumed.Json()["row_count"], 5'005);
  EXPECT_EQ(Count("benchmark_results"), "5000");
  EXPECT_EQ(Count("data_moves"), "0");
}

TEST_F(MigrateDataTest, RepeatedAddsNothing) {
  mover.JsonData("a", kRows);
  ASSERT_EQ(mover.Migrate("json:a").status, 0);
  const auto revision = mover.database.Psql("SELECT revision FROM store_state");
  const auto again = mover.Migrate("json:a");
  ASSERT_EQ(again.status, 0) << again.error;
  EXPECT_EQ(again.Json()["accepted_count"], 0);
  EXPECT_EQ(again.Json()["already_present_count"], kRows);
  EXPECT_EQ(again.Json()["merged"], true);
  EXPECT_EQ(mover.database.Psql("SELECT revision FROM store_state"), revision);
}

TEST_F(MigrateDataTest, AddsToWhatIsThere) {
  mover.JsonData("few", 100);
  mover.JsonData("many", kRows);
  ASSERT_EQ(mover.Migrate("json:few").status, 0);
  const auto moved = mover.Migrate("json:many");
  ASSERT_EQ(moved.status, 0) << moved.error;
  EXPECT_EQ(moved.Json()["accepted_count"], kRows - 100);
  EXPECT_EQ(moved.Json()["merged"], true);
  EXPECT_EQ(Count("benchmark_results"), std::to_string(kRows));
}

struct Damage {
  std::string table;
  std::string sql;
};

class DamagedDataTest : public MigrateDataTest, public ::testing::WithParamInterface<Damage> {};

TEST_P(DamagedDataTest, IsFound) {
  mover.JsonData("a", 50);
  ASSERT_EQ(mover.Migrate("json:a").status, 0);
  ASSERT_EQ(mover.Migrate("json:a", {"--verify-only"}).status, 0);
  mover.database.Psql(GetParam().sql);
  const auto compared = mover.Migrate("json:a", {"--verify-only"});
  EXPECT_EQ(compared.status, kDifferent) << compared.error;
  EXPECT_THAT(compared.error, HasSubstr("error: " + GetParam().table + ": 1 of "));
  const auto report = compared.Json();
  for (const auto& table : report["tables"]) {
    EXPECT_EQ(table["source_sha256"] == table["destination_sha256"], table["table"] != GetParam().table) << table;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Tables, DamagedDataTest,
    ::testing::Values(
        Damage{"benchmarks",
               "UPDATE benchmark_results SET ttft_p99 = ttft_p99 + 1 "
               "WHERE id = (SELECT min(id::text)::bytea FROM benchmark_results)"},
        Damage{"quarantine",
               "DELETE FROM benchmark_quarantine WHERE id = (SELECT min(id::text)::bytea FROM benchmark_quarantine)"},
        Damage{"hardware", "UPDATE hardware_types SET memory_gib = 81 WHERE name = 'H100'"},
        Damage{"models", "UPDATE models SET parameters_billion = 1 WHERE name = 'command-r-aug-24'"},
        Damage{"use_cases", "UPDATE use_case_taxonomy SET output_tokens = 255 WHERE id = 'chatbot'"}),
    [](const auto& each) { return each.param.table; });

TEST_F(MigrateDataTest, SaysWhichArgumentIsWrongAndNoPassword) {
  const auto no_place = mover.Migrate("data");
  EXPECT_EQ(no_place.status, kBadInput);
  EXPECT_THAT(no_place.error, HasSubstr("error: --from: must be"));
  const auto json = mover.Loadline({"migrate-data", "--from", "json:a", "--to", "json:b"});
  EXPECT_EQ(json.status, kBadInput);
  EXPECT_THAT(json.error, HasSubstr("error: --to: must be a database"));
  const auto refused = mover.Migrate(SharedPostgres().Url("nowhere", "nobody", "secret"));
  EXPECT_NE(refused.status, 0);
  EXPECT_THAT(refused.error, AllOf(HasSubstr("error: "), Not(HasSubstr("secret"))));
  const auto nothing = mover.Migrate("json:nowhere");
  EXPECT_EQ(nothing.status, kBadInput);
  EXPECT_THAT(nothing.error, Not(IsEmpty()));
}

TEST_F(MigrateDataTest, OfADatabaseIntoItselfIsRefused) {
  mover.JsonData("a", 10);
  ASSERT_EQ(mover.Migrate("json:a").status, 0);
  const auto same = mover.Migrate(mover.database.url());
  EXPECT_EQ(same.status, kBadInput);
  EXPECT_THAT(same.error, HasSubstr("--from: is the database of --to"));
}

}  // namespace
}  // namespace loadline::testing
