#include <gmock/gmock.h>
#include <signal.h>

#include <iostream>

#include "libs/testing/matchers.h"
#include "libs/testing/wait.h"
#include "tests/integration/load_on_store.h"
#include "tests/integration/store_on.h"

namespace loadline::testing {
namespace {

using base::ErrorCode;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr int kThreads = 8;
constexpr int kConnections = 4;
constexpr milliseconds kRecovery(2000);

constexpr char kDatabase[] = "loadline";

std::unique_ptr<PostgresServer> NewServer() {
  auto server = std::make_unique<PostgresServer>();
  server->Psql("CREATE DATABASE loadline OWNER loadline");
  return server;
}

class OutageTest : public ::testing::Test {
 protected:
  OutageTest()
      : server(NewServer()),
        store(OnDatabase(data, server->Url(kDatabase), {{"DATABASE_MAX_CONNECTIONS", std::to_string(kConnections)}})),
        client(store.address()) {}

  void SetUp() override { ASSERT_THAT(client.Import(CurveOf("acme/a")), IsOk()); }

  int Connections() const {
    return std::stoi(server->Psql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'loadline'"));
  }

  // All that fails says that it may be retried, and when.
  static void ExpectRetryable(const LoadOnStore& load) {
    for (const auto& [what, error] : load.failures()) {
      EXPECT_EQ(error.code, ErrorCode::kUnavailable) << what;
      EXPECT_TRUE(error.retry_after) << what;
    }
  }

  void ExpectRecovery(const LoadOnStore& load) {
    const auto back = Clock::now();
    EXPECT_TRUE(load.AwaitAllGood(kRecovery)) << "not well two seconds after PostgreSQL is back";
    std::cout << "all well " << std::chrono::duration_cast<milliseconds>(Clock::now() - back).count() << " ms later\n";
  }

  StoreData data;
  std::unique_ptr<PostgresServer> server;
  StoreProcess store;
  StoreClient client;
};

TEST_F(OutageTest, IsAnsweredAsUnavailableAndOverTwoSecondsAfterPostgresIsBack) {
  const LoadOnStore load(store.address(), "acme/a", kThreads);
  ASSERT_TRUE(load.AwaitAllGood(std::chrono::seconds(20)));
  const int before = Connections();
  for (const bool crash : {false, true, false, true}) {
    crash ? server->Kill9() : server->Stop();
    ASSERT_TRUE(load.AwaitFailures(kThreads));
    EXPECT_NE(client.health(), Health::kAway) << "health answers without PostgreSQL";
    server->Start();
    ExpectRecovery(load);
    EXPECT_LE(Connections(), std::max(before, kConnections + 2)) << "connections leak";
  }
  ExpectRetryable(load);
  EXPECT_FALSE(load.failures().empty());
  EXPECT_THAT(client.Import(CurveOf("acme/b")), IsOk());
}

TEST_F(OutageTest, LeavesNoConnectionBehindWhenTheStoreStops) {
  {
    const LoadOnStore load(store.address(), "acme/a", kThreads);
    ASSERT_TRUE(load.AwaitAllGood(std::chrono::seconds(20)));
    server->Restart();
    ExpectRecovery(load);
  }
  store.process().Signal(SIGTERM);
  EXPECT_EQ(store.process().Wait(), 0);
  EXPECT_TRUE(server->Await("SELECT count(*) = 0 FROM pg_stat_activity WHERE usename = 'loadline'"));
}

TEST_F(OutageTest, OfAnImportChangesNothingAndTheNextTryCompletes) {
  const auto rows = ManyBenchmarks("acme/many", 20'000);
  OpenImport import(client, rows);
  ASSERT_TRUE(server->Await("SELECT count(*) > 0 FROM pg_stat_activity WHERE query LIKE 'COPY %staged_rows%'"));
  server->Kill9();
  import.Commit();
  const auto lost = import.Finish();
  ASSERT_THAT(lost, Fails(ErrorCode::kUnavailable, "DATABASE_UNAVAILABLE"));
  EXPECT_TRUE(lost.error().retry_after);
  server->Start();
  EXPECT_THAT(client.Ids(), IsOkAnd(IdsOf(CurveOf("acme/a"))));
  const auto second = client.Import(rows);
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->accepted_count(), 20'000);
}

TEST(PromotedReplica, TakesOverReadsAndWrites) {
  const StoreData data;
  auto primary = NewServer();
  auto replica = primary->Replica();
  const auto both = "postgresql://loadline@127.0.0.1:" + std::to_string(primary->port()) +
                    ",127.0.0.1:" + std::to_string(replica->port()) + "/loadline?target_session_attrs=read-write";
  StoreProcess store(OnDatabase(data, both));
  const StoreClient client(store.address());
  ASSERT_THAT(client.Import(CurveOf("acme/a")), IsOk());
  ASSERT_TRUE(replica->AwaitReplay(*primary));
  const LoadOnStore load(store.address(), "acme/a", kThreads);
  ASSERT_TRUE(load.AwaitAllGood(std::chrono::seconds(20)));

  primary->Kill9();
  replica->Promote();
  EXPECT_TRUE(load.AwaitAllGood(kRecovery));
  EXPECT_THAT(client.Import(CurveOf("acme/b")), IsOk());
  auto expected = IdsOf(CurveOf("acme/a"));
  expected.merge(IdsOf(CurveOf("acme/b")));
  EXPECT_THAT(client.Ids(), IsOkAnd(expected));
  for (const auto& [what, error] : load.failures()) EXPECT_EQ(error.code, ErrorCode::kUnavailable) << what;
}

TEST(ReadReplica, ThatIsAwayIsDoneWithout) {
  const StoreData data;
  auto primary = NewServer();
  auto replica = primary->Replica();
  replica->Psql("SELECT pg_wal_replay_pause()");
  StoreProcess store(OnDatabase(data, primary->Url(kDatabase), {{"DATABASE_READ_URL", replica->Url(kDatabase)}}));
  const StoreClient client(store.address());
  const auto rows = CurveOf("acme/a");
  const auto imported = client.Import(rows);
  ASSERT_THAT(imported, IsOk());
  EXPECT_THAT(client.FindClosest("acme/a"), IsOk());
  EXPECT_THAT(client.Ids(imported->revision()), IsOkAnd(IdsOf(rows))) << "however late the replica is";
  replica->Psql("SELECT pg_wal_replay_resume()");
  ASSERT_TRUE(replica->AwaitReplay(*primary));
  EXPECT_THAT(client.Ids(), IsOkAnd(IdsOf(rows)));
  EXPECT_EQ(replica->Psql("SELECT count(*) > 0 FROM pg_stat_activity WHERE usename = 'loadline'"), "t");
  replica->Kill9();
  EXPECT_THAT(client.Ids(), IsOkAnd(IdsOf(rows)));
  replica->Start();
  EXPECT_TRUE(WaitFor([&] {
    EXPECT_THAT(client.Ids(), IsOkAnd(IdsOf(rows)));
    return replica->Psql("SELECT count(*) > 0 FROM pg_stat_activity WHERE usename = 'loadline'") == "t";
  })) << "reads go to the replica again";
}

}  // namespace
}  // namespace loadline::testing
