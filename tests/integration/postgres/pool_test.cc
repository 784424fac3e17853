#include "services/benchmark-store/repository/postgres/pool.h"

#include <gmock/gmock.h>

#include <atomic>

#include "libs/testing/matchers.h"
#include "libs/testing/postgres_server.h"
#include "libs/testing/wait.h"
#include "services/benchmark-store/repository/postgres/call_time.h"
#include "services/benchmark-store/repository/postgres/retry.h"

namespace loadline::store::postgres {
namespace {

using base::ErrorCode;
using loadline::testing::Fails;
using loadline::testing::IsOk;
using loadline::testing::SharedPostgres;
using loadline::testing::TestDatabase;
using loadline::testing::WaitFor;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr char kOthers[] = "FROM pg_stat_activity WHERE datname = current_database() AND usename = 'loadline'";

class PoolTest : public ::testing::Test {
 protected:
  PoolOptions Options(int max) const {
    return {.url = database_.url(), .max_connections = max, .acquire_timeout = milliseconds(50)};
  }
  void TerminateAll() { database_.Psql(std::string("SELECT pg_terminate_backend(pid) ") + kOthers); }
  bool AwaitConnections(int count) {
    return database_.Await("SELECT count(*) = " + std::to_string(count) + " " + kOthers);
  }

  TestDatabase database_{SharedPostgres()};
};

TEST_F(PoolTest, AConnectionIsLentAgain) {
  Pool pool(Options(4));
  const int first = pool.Acquire({}).value()->server_process();
  EXPECT_EQ(pool.Acquire({}).value()->server_process(), first);
  EXPECT_EQ(pool.stats().connects, 1);
  EXPECT_EQ(pool.stats().lent, 2);
  EXPECT_EQ(pool.stats().idle, 1);
}

TEST_F(PoolTest, WhenAllAreBusyACallGivesUpAfterTheTimeoutAndMayRetry) {
  Pool pool(Options(1));
  const auto taken = pool.Acquire({});
  const auto start = std::chrono::steady_clock::now();
  const auto refused = pool.Acquire({});
  EXPECT_GE(std::chrono::steady_clock::now() - start, milliseconds(50));
  ASSERT_THAT(refused, Fails(ErrorCode::kResourceExhausted, "DATABASE_BUSY"));
  EXPECT_TRUE(refused.error().retry_after.has_value());
  EXPECT_EQ(pool.stats().timeouts, 1);
}

TEST_F(PoolTest, AWaitingCallGetsTheConnectionThatComesFree) {
  auto options = Options(1);
  options.acquire_timeout = std::chrono::seconds(60);
  Pool pool(options);
  std::atomic<bool> got = false;
  {
    auto taken = std::make_unique<Lease>(pool.Acquire({}).value());
    std::jthread waiter([&] { got = pool.Acquire({}).has_value(); });
    ASSERT_TRUE(WaitFor([&] { return pool.stats().waiting == 1; }));
    taken.reset();
  }
  EXPECT_TRUE(got);
  EXPECT_EQ(pool.stats().connects, 1);
}

TEST_F(PoolTest, AWaitingCallEndsWithItsDeadline) {
  auto options = Options(1);
  options.acquire_timeout = std::chrono::seconds(60);
  Pool pool(options);
  const auto taken = pool.Acquire({});
  EXPECT_THAT(pool.Acquire({.deadline = steady_clock::now() + milliseconds(10)}),
              Fails(ErrorCode::kDeadlineExceeded, "NO_TIME_LEFT"));
}

TEST_F(PoolTest, BrokenConnectionsAreReplaced) {
  Pool pool(Options(4));
  {
    const auto one = pool.Acquire({});
    const auto two = pool.Acquire({});
    TerminateAll();
    EXPECT_FALSE((*one)->Execute("SELECT 1", {}));
    EXPECT_FALSE((*two)->Execute("SELECT 1", {}));
  }
  EXPECT_EQ(pool.stats().open, 0);
  EXPECT_THAT(pool.Acquire({}).value()->Execute("SELECT 1", {}), IsOk());
  EXPECT_EQ(pool.stats().discarded, 2);
}

TEST_F(PoolTest, ARepeatableCallDoesNotSeeThatTheServerWasRestarted) {
  Pool pool(Options(4));
  { const std::array both = {pool.Acquire({}), pool.Acquire({})}; }
  TerminateAll();
  const auto answer =
      RunRepeatable(pool, {}, [](Connection& connection) { return connection.Run("SELECT 1", {}, {}); });
  EXPECT_THAT(answer, IsOk());
}

TEST_F(PoolTest, ACallThatFailsForAnotherReasonIsNotRepeated) {
  Pool pool(Options(1));
  int calls = 0;
  const auto failed = RunRepeatable(pool, {}, [&](Connection& connection) {
    ++calls;
    return connection.Run("SELECT 1/0", {}, {});
  });
  EXPECT_FALSE(failed);
  EXPECT_EQ(calls, 1);
}

TEST_F(PoolTest, ACallThatIsGivenUpFreesItsPlaceAtOnceAndTheServerEndsItsStatement) {
  Pool pool(Options(2));
  const auto other = pool.Acquire({}).value()->server_process();
  {
    const auto kept = pool.Acquire({});
    EXPECT_FALSE(pool.Acquire({}).value()->Run("SELECT pg_sleep(60)", {}, Within(milliseconds(50))));
    EXPECT_EQ(pool.stats().open, 1);
  }
  EXPECT_EQ(pool.stats().discarded, 1);
  EXPECT_TRUE(AwaitConnections(1));
  EXPECT_EQ(pool.Acquire({}).value()->server_process(), other) << "the others are well";
}

TEST_F(PoolTest, TheMinimumIsKeptOpen) {
  auto options = Options(4);
  options.min_connections = 2;
  const Pool pool(options);
  EXPECT_TRUE(AwaitConnections(2));
  EXPECT_TRUE(WaitFor([&] { return pool.stats().idle == 2; }));
}

TEST_F(PoolTest, OldConnectionsAreClosed) {
  auto options = Options(4);
  options.max_lifetime = milliseconds(1);
  Pool pool(options);
  EXPECT_THAT(pool.Acquire({}), IsOk());
  EXPECT_TRUE(WaitFor([&] { return pool.stats().open == 0; }));
}

TEST_F(PoolTest, IdleConnectionsThatBrokeAreFound) {
  auto options = Options(4);
  options.idle_check = milliseconds(1);
  Pool pool(options);
  EXPECT_THAT(pool.Acquire({}), IsOk());
  TerminateAll();
  EXPECT_TRUE(WaitFor([&] { return pool.stats().open == 0; }));
}

TEST(PoolFailureTest, ADatabaseThatIsAwayIsUnavailableAtOnceAndTakesNoPlace) {
  Pool pool({.url = "postgresql://nobody@127.0.0.1:1/none", .max_connections = 1});
  for (int i = 0; i < 3; ++i) {
    const auto away = pool.Acquire({});
    ASSERT_THAT(away, Fails(ErrorCode::kUnavailable, "DATABASE_UNAVAILABLE"));
    EXPECT_TRUE(away.error().retry_after.has_value());
  }
  EXPECT_EQ(pool.stats().open, 0);
  EXPECT_EQ(pool.stats().failed_connects, 3);
}

}  // namespace
}  // namespace loadline::store::postgres
