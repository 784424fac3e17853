#include "services/benchmark-store/repository/postgres/maintenance.h"

#include <gmock/gmock.h>

#include <future>
#include <mutex>
#include <vector>

#include "libs/testing/matchers.h"
#include "libs/testing/postgres_server.h"
#include "libs/testing/wait.h"
#include "services/benchmark-store/repository/postgres/migrate.h"
#include "services/benchmark-store/repository/postgres/store_state.h"
#include "tests/integration/postgres/one_curve.h"

namespace loadline::store::postgres {
namespace {

using loadline::testing::IsOk;
using loadline::testing::SharedPostgres;
using loadline::testing::TestDatabase;
using loadline::testing::WaitFor;
using std::chrono::milliseconds;
using ::testing::Eq;
using ::testing::HasSubstr;
using ::testing::Optional;

class MaintenanceTest : public ::testing::Test {
 protected:
  MaintenanceTest() {
    EXPECT_THAT(Migrate(*Connect(), EmbeddedMigrations(), {}, {}), IsOk());
    database_.Psql(OneCurve("acme/a"));
    database_.Psql(kOneProvenance);
  }

  std::unique_ptr<Connection> Connect() { return Connection::Open(database_.url(), {}).value(); }

  /// Adds `count` benchmarks of one moment, as a change would.
  void Add(int count, const std::string& measured_at) {
    const auto rows = std::to_string(count);
    database_.Psql("UPDATE store_state SET revision = revision + 1, benchmark_count = benchmark_count + " + rows +
                   "; INSERT INTO benchmark_results (id, curve_id, provenance_id, revision, measured_at, saturated, "
                   "prompt_tokens, "
                   "output_tokens, responses_per_second, ttft_p95) SELECT substring(sha256((n || '" +
                   measured_at + "')::bytea) FOR 12), c.id, p.id, 1, '" + measured_at +
                   "', false, 512, 256, 1, 100 FROM curves c, provenances p, generate_series(1, " + rows + ") n");
  }

  MaintenanceFindings Maintained() { return Maintain(*Connect(), {}).value(); }

  std::string RevisionOf(const std::string& task) {
    return database_.Psql("SELECT revision FROM maintenance WHERE task = '" + task + "'");
  }
  bool HasTable(const std::string& name) {
    return database_.Psql("SELECT to_regclass('" + name + "') IS NOT NULL").starts_with("t");
  }

  TestDatabase database_{SharedPostgres()};
};

TEST_F(MaintenanceTest, ThisMonthAndTheNextTwoHavePartitions) {
  Maintained();
  EXPECT_TRUE(
      database_.Await("SELECT count(*) = 3 FROM generate_series(0, 2) n WHERE to_regclass('benchmark_results_' || "
                      "to_char(now() AT TIME ZONE 'UTC' + make_interval(months => n), 'YYYY_MM')) IS NOT NULL"));
}

TEST_F(MaintenanceTest, BenchmarksOfAMonthLeaveTheDefaultPartition) {
  Add(3, "2024-02-29 23:59:59+00");
  Maintained();
  EXPECT_EQ(database_.Psql("SELECT count(*) FROM ONLY benchmark_results_2024_02"), "3");
  EXPECT_EQ(database_.Psql("SELECT count(*) FROM benchmark_results_default"), "0");
}

TEST_F(MaintenanceTest, OtherYearsAreCountedAndStay) {
  Add(2, "2101-01-01 00:00:00+00");
  EXPECT_THAT(Maintained().outside_partitions, Optional(Eq(2)));
  EXPECT_FALSE(HasTable("benchmark_results_2101_01"));
}

TEST_F(MaintenanceTest, StatsOfEachDayFollowChanges) {
  Add(3, "2024-02-29 23:59:59+00");
  Maintained();
  EXPECT_EQ(database_.Psql("SELECT day, model, benchmark_count FROM daily_model_stats"), "2024-02-29|acme/a|3");
  EXPECT_EQ(RevisionOf("daily_model_stats"), "1");
}

TEST_F(MaintenanceTest, NothingIsDoneTwice) {
  Add(3, "2024-02-29 23:59:59+00");
  Maintained();
  database_.Psql("UPDATE maintenance SET took = '0'");
  const auto done = database_.Psql("SELECT task, done_at FROM maintenance ORDER BY task");
  EXPECT_EQ(Maintained().outside_partitions, std::nullopt);
  EXPECT_EQ(database_.Psql("SELECT task, done_at FROM maintenance ORDER BY task"), done);
}

TEST_F(MaintenanceTest, ATaskRestsTwentyTimesAsLongAsItTook) {
  database_.Psql("UPDATE maintenance SET took = '1 hour'");
  Add(1, "2024-02-29 23:59:59+00");
  Maintained();
  EXPECT_EQ(RevisionOf("daily_model_stats"), "0");
  database_.Psql("UPDATE maintenance SET done_at = now() - interval '21 hours'");
  Maintained();
  EXPECT_EQ(RevisionOf("daily_model_stats"), "1");
}

TEST_F(MaintenanceTest, TheTablesAreAnalysedOnceManyBenchmarksAreNew) {
  const std::string pages = "SELECT count(*) FROM pg_stats WHERE tablename = 'benchmark_results'";
  Add(100, "2024-02-29 23:59:59+00");
  Maintained();
  EXPECT_EQ(database_.Psql(pages), "0");
  Add(1, "2024-03-01 00:00:00+00");
  Maintained();
  EXPECT_NE(database_.Psql(pages), "0");
}

TEST_F(MaintenanceTest, AnotherStoresTurnIsLeftToIt) {
  const auto other = Connect();
  auto turn = Transaction::Begin(*other, {}).value();
  ASSERT_THAT(other->Run("SELECT pg_advisory_xact_lock(7023364510)", {}, {}), IsOk());
  Add(1, "2024-02-29 23:59:59+00");
  Maintained();
  EXPECT_EQ(RevisionOf("daily_model_stats"), "0");
  EXPECT_FALSE(HasTable("benchmark_results_2024_02"));
}

TEST_F(MaintenanceTest, ARunningChangeIsAwaitedBeforeAnyTableIsLocked) {
  const auto other = Connect();
  auto change = Transaction::Begin(*other, {}).value();
  ASSERT_THAT(LockState(*other, {}), IsOk());
  auto maintained = std::async(std::launch::async, [&] { return Maintain(*Connect(), {}); });
  EXPECT_TRUE(database_.Await("SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"));
  EXPECT_EQ(database_.Psql("SELECT count(*) FROM pg_locks WHERE relation IN ('benchmark_results'::regclass, "
                           "'benchmark_results_default'::regclass, 'curves'::regclass)"),
            "0");
  ASSERT_THAT(change.Commit({}), IsOk());
  EXPECT_THAT(maintained.get(), IsOk());
}

TEST_F(MaintenanceTest, ARoleThatOwnsNothingNeedsOnlyItsGrants) {
  Add(1, "2024-02-29 23:59:59+00");
  const std::string role = "serves_" + database_.name();
  SharedPostgres().CreateRole(role, "secret");
  const auto url = SharedPostgres().Url(database_.name(), role, "secret");
  EXPECT_THAT(Maintain(*Connection::Open(url, {}).value(), {}), ::testing::Not(IsOk()));
  database_.Psql("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO " + role +
                 "; GRANT EXECUTE ON FUNCTION ensure_benchmark_partition(date), refresh_daily_model_stats(), "
                 "analyze_benchmarks() TO " +
                 role);
  EXPECT_THAT(Maintain(*Connection::Open(url, {}).value(), {}), IsOk());
  EXPECT_EQ(RevisionOf("daily_model_stats"), "1");
  database_.Psql("DROP OWNED BY " + role + "; DROP ROLE " + role);
}

TEST_F(MaintenanceTest, TheThreadKeepsUpAndSaysOnceWhyItCannot) {
  std::mutex mutex;
  std::vector<std::string> events;
  const auto count = [&] {
    const std::lock_guard lock(mutex);
    return events.size();
  };
  Maintenance maintenance(database_.url(), milliseconds(5), [&](const char* event, const std::string& message) {
    const std::lock_guard lock(mutex);
    events.push_back(std::string(event) + ": " + message);
  });
  Add(1, "2024-02-29 23:59:59+00");
  EXPECT_TRUE(database_.Await("SELECT count(*) = 1 FROM daily_model_stats"));
  EXPECT_EQ(count(), 0U);
  database_.Psql("ALTER TABLE maintenance RENAME TO gone");
  EXPECT_TRUE(WaitFor([&] { return count() > 0; }));
  database_.Psql("ALTER TABLE gone RENAME TO maintenance");
  Add(1, "2101-01-01 00:00:00+00");
  EXPECT_TRUE(WaitFor([&] { return count() > 1; }));
  EXPECT_THAT(events.at(0), HasSubstr("maintenance_failed: "));
  EXPECT_THAT(events.at(1), HasSubstr("benchmarks_outside_partitions: 1 "));
}

}  // namespace
}  // namespace loadline::store::postgres
