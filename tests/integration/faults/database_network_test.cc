#include <gmock/gmock.h>

#include "libs/testing/matchers.h"
#include "libs/testing/tcp_proxy.h"
#include "tests/integration/faults/database_link.h"
#include "tests/integration/held_lock.h"
#include "tests/integration/store_client.h"
#include "tests/integration/store_on.h"

namespace loadline::testing {
namespace {

struct Case {
  const char* name;
  LinkState state;
};

class DatabaseNetworkTest : public ::testing::Test {
 protected:
  DatabaseNetworkTest()
      : database(SharedPostgres()), proxy(SharedPostgres().port()), store(OverPort(data, database, proxy.port())) {
    store.Import(CurveOf("acme/a"));
  }

  StoreData data;
  TestDatabase database;
  TcpProxy proxy;
  StoreProcess store;
};

class DatabaseNetworkFaultTest : public DatabaseNetworkTest, public ::testing::WithParamInterface<Case> {};

TEST_P(DatabaseNetworkFaultTest, DelaysNoCallAndIsForgottenTwoSecondsLater) {
  ExpectStoreToLiveWith({.begin = [&] { proxy.Set(GetParam().state); }, .end = [&] { proxy.Set(LinkState::Well()); }},
                        store.address(), SharedPostgres(), database);
}

INSTANTIATE_TEST_SUITE_P(Faults, DatabaseNetworkFaultTest,
                         ::testing::Values(Case{"cut", LinkState::Cut()}, Case{"silent", LinkState::Silent()},
                                           Case{"half_open", LinkState::HalfOpen()},
                                           Case{"delayed_2s", LinkState::Delayed(std::chrono::seconds(2))},
                                           Case{"one_byte_per_second", LinkState::Slow(1)}),
                         [](const auto& each) { return each.param.name; });

TEST_F(DatabaseNetworkTest, AStoreThatVanishesInTheMiddleOfAMergeLocksTheOthersOutForSecondsOnly) {
  const StoreProcess other(OnDatabase(data, database.url()));
  const StoreClient vanishing(store.address());
  const StoreClient client(other.address());
  OpenImport import(vanishing, CurveOf("acme/vanishing"), std::chrono::seconds(5));
  {
    const HeldLock lock(SharedPostgres(), database.name(), "benchmark_results", "SHARE");
    import.Commit();
    ASSERT_TRUE(lock.AwaitWaiting(1));
    proxy.Set(LinkState::Silent());
  }
  ASSERT_TRUE(database.Await("SELECT count(*) > 0 FROM pg_stat_activity WHERE state = 'idle in transaction'"))
      << "its merge is done, and it cannot say so";
  EXPECT_THAT(client.Import(CurveOf("acme/other"), std::chrono::seconds(10)), IsOk());
  EXPECT_FALSE(import.Finish());
}

}  // namespace
}  // namespace loadline::testing
