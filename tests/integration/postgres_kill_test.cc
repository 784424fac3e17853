#include <gmock/gmock.h>
#include <signal.h>

#include "libs/testing/matchers.h"
#include "tests/integration/held_lock.h"
#include "tests/integration/store_client.h"
#include "tests/integration/store_on.h"

namespace loadline::testing {
namespace {

using ::testing::IsEmpty;

constexpr int kRows = 20'000;

/// A store on a database of its own, that can be killed and started again.
class KilledImportTest : public ::testing::Test {
 protected:
  KilledImportTest() : database(SharedPostgres()), rows(ManyBenchmarks("acme/a", kRows)) { Start(); }

  void Start() {
    store.emplace(OnDatabase(data, database.url()));
    client.emplace(store->address());
  }
  void KillAndStartAgain() {
    store->process().Signal(SIGKILL);
    ASSERT_TRUE(store->process().Wait());
    Start();
  }

  // What the next try finds is nothing, and it completes.
  void ExpectNothingAndImport() {
    EXPECT_THAT(client->Ids(), IsOkAnd(IsEmpty()));
    EXPECT_EQ(database.Psql("SELECT count(*) FROM benchmark_results"), "0");
    const auto second = client->Import(rows);
    ASSERT_THAT(second, IsOk());
    EXPECT_EQ(second->accepted_count(), kRows);
    EXPECT_THAT(client->Ids(), IsOkAnd(IdsOf(rows)));
  }

  StoreData data;
  TestDatabase database;
  const std::vector<domain::Benchmark> rows;
  std::optional<StoreProcess> store;
  std::optional<StoreClient> client;
};

TEST_F(KilledImportTest, LeavesNothingBehindWhileRowsCome) {
  OpenImport import(*client, rows);
  ASSERT_TRUE(database.Await("SELECT count(*) > 0 FROM pg_stat_activity WHERE query LIKE 'COPY %staged_rows%'"));
  KillAndStartAgain();
  EXPECT_FALSE(import.Finish());
  ExpectNothingAndImport();
}

TEST_F(KilledImportTest, LeavesNothingBehindWhileRowsAreMerged) {
  {
    const HeldLock lock(SharedPostgres(), database.name(), "benchmark_results", "SHARE");
    OpenImport import(*client, rows);
    import.Commit();
    ASSERT_TRUE(lock.AwaitWaiting(1));
    KillAndStartAgain();
    EXPECT_FALSE(import.Finish());
  }
  ExpectNothingAndImport();
}

TEST_F(KilledImportTest, KeepsWhatItAnsweredFor) {
  ASSERT_THAT(client->Import(rows), IsOk());
  KillAndStartAgain();
  EXPECT_THAT(client->Ids(), IsOkAnd(IdsOf(rows)));
  const auto again = client->Import(rows);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->already_present_count(), kRows);
}

}  // namespace
}  // namespace loadline::testing
