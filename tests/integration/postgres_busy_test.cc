#include <gmock/gmock.h>

#include <future>

#include "libs/testing/matchers.h"
#include "libs/testing/wait.h"
#include "tests/integration/held_lock.h"
#include "tests/integration/store_client.h"
#include "tests/integration/store_on.h"

namespace loadline::testing {
namespace {

using base::ErrorCode;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr int kConnections = 2;
constexpr milliseconds kAcquireTimeout(200);

/// A store with two connections, whose queries take as long as a test wants.
class BusyDatabaseTest : public ::testing::Test {
 protected:
  BusyDatabaseTest()
      : database(SharedPostgres()),
        store(OnDatabase(data, database.url(),
                         {{"DATABASE_MAX_CONNECTIONS", std::to_string(kConnections)},
                          {"DATABASE_ACQUIRE_TIMEOUT_MS", std::to_string(kAcquireTimeout.count())}})),
        client(store.address()) {}

  void SetUp() override { ASSERT_THAT(client.Import(CurveOf("acme/a")), IsOk()); }

  auto FindInBackground(milliseconds timeout) {
    return std::async(std::launch::async, [this, timeout] { return client.FindClosest("acme/a", timeout); });
  }
  std::unique_ptr<HeldLock> MakeQueriesSlow() {
    return std::make_unique<HeldLock>(SharedPostgres(), database.name(), "benchmark_results", "ACCESS EXCLUSIVE");
  }

  StoreData data;
  TestDatabase database;
  StoreProcess store;
  StoreClient client;
};

TEST_F(BusyDatabaseTest, RefusesAfterTheAcquireTimeoutAndGoesOnAfterwards) {
  auto lock = MakeQueriesSlow();
  std::vector<std::future<base::Result<benchmark::v1::FindClosestBenchmarkResponse>>> slow;
  for (int i = 0; i < kConnections; ++i) slow.push_back(FindInBackground(std::chrono::seconds(20)));
  ASSERT_TRUE(lock->AwaitWaiting(kConnections));

  const auto asked = Clock::now();
  const auto refused = client.FindClosest("acme/a");
  EXPECT_LT(Clock::now() - asked, std::chrono::seconds(5));
  ASSERT_THAT(refused, Fails(ErrorCode::kResourceExhausted, "DATABASE_BUSY"));
  EXPECT_GT(refused.error().retry_after, milliseconds(0));
  EXPECT_EQ(client.health(), Health::kServing);

  lock.reset();
  for (auto& each : slow) EXPECT_THAT(each.get(), IsOk());
  EXPECT_THAT(client.FindClosest("acme/a"), IsOk());
}

TEST_F(BusyDatabaseTest, EndsACallOnTimeAndItsQueryToo) {
  const auto lock = MakeQueriesSlow();
  for (int i = 0; i < 2 * kConnections; ++i) {
    const auto asked = Clock::now();
    EXPECT_THAT(client.FindClosest("acme/a", milliseconds(300)), Fails(ErrorCode::kDeadlineExceeded, "TRANSPORT"));
    EXPECT_LT(Clock::now() - asked, milliseconds(600));
    EXPECT_TRUE(lock->AwaitNoneWaiting());
  }
}

TEST_F(BusyDatabaseTest, MergesAnImportAgainWhenAnotherChangeCameInBetween) {
  // A sequence counts what is rolled back too.
  database.Psql(
      "CREATE SEQUENCE merges; GRANT USAGE ON merges TO loadline; "
      "CREATE FUNCTION fail_twice() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
      "IF nextval('merges') <= 2 THEN RAISE 'in between' USING ERRCODE = '40001'; END IF; RETURN NEW; END $$; "
      "CREATE TRIGGER in_between BEFORE UPDATE ON store_state FOR EACH ROW EXECUTE FUNCTION fail_twice()");
  const auto rows = CurveOf("acme/b");
  const auto imported = client.Import(rows);
  ASSERT_THAT(imported, IsOk());
  EXPECT_EQ(imported->accepted_count(), static_cast<std::int64_t>(rows.size()));
  EXPECT_EQ(database.Psql("SELECT last_value FROM merges"), "3");
}

TEST_F(BusyDatabaseTest, GoesOnWhenAConnectionIsTerminated) {
  for (int i = 0; i < 3; ++i) {
    ASSERT_THAT(client.FindClosest("acme/a"), IsOk());
    database.Psql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()");
    EXPECT_THAT(client.FindClosest("acme/a"), IsOk()) << "a read is tried again on a new connection";
  }
}

}  // namespace
}  // namespace loadline::testing
