#include <gmock/gmock.h>
#include <signal.h>

#include <atomic>
#include <iostream>
#include <mutex>
#include <thread>

#include "libs/rpc/status.h"
#include "libs/testing/matchers.h"
#include "libs/testing/wait.h"
#include "tests/integration/services.h"

namespace loadline::testing {
namespace {

using base::ErrorCode;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

/// Plans again and again, and checks every answer against the first.
class PlanLoop {
 public:
  PlanLoop(PlannerProcess& planner, planner::v1::PlanCapacityRequest request)
      : planner_(planner), request_(std::move(request)), expected_(Once()), thread_([this] { Run(); }) {}
  ~PlanLoop() { Stop(); }

  /// True as soon as an answer that was asked for from now on is `stale` (or
  /// not).
  bool AwaitStale(bool stale, milliseconds patience) {
    const auto asked = Clock::now();
    return WaitFor(
        [&] {
          const std::lock_guard lock(mutex_);
          return asked_at_ >= asked && stale_ == stale;
        },
        patience);
  }
  bool AwaitAge(milliseconds age) {
    return WaitFor([&] {
      const std::lock_guard lock(mutex_);
      return age_ >= age;
    });
  }
  void Stop() {
    done_ = true;
    if (thread_.joinable()) thread_.join();
  }
  int answers() const { return answers_; }
  const std::string& expected() const { return expected_; }

 private:
  std::string Once() {
    const auto asked = Clock::now();
    auto answer = planner_.Plan(request_, std::chrono::seconds(2));
    EXPECT_TRUE(answer.status.ok()) << answer.status.error_message();
    const auto& freshness = answer.response.freshness();
    EXPECT_TRUE(freshness.stale() || freshness.evidence_age_ms() == 0);
    {
      const std::lock_guard lock(mutex_);
      asked_at_ = asked;
      stale_ = freshness.stale();
      age_ = milliseconds(freshness.evidence_age_ms());
    }
    answer.response.mutable_freshness()->clear_stale();
    answer.response.mutable_freshness()->clear_evidence_age_ms();
    return answer.response.SerializeAsString();
  }
  void Run() {
    while (!done_) {
      EXPECT_EQ(Once(), expected_);
      ++answers_;
    }
  }

  PlannerProcess& planner_;
  const planner::v1::PlanCapacityRequest request_;
  std::mutex mutex_;
  Clock::time_point asked_at_;
  bool stale_ = false;
  milliseconds age_{0};
  std::atomic<bool> done_ = false;
  std::atomic<int> answers_ = 0;
  const std::string expected_;
  std::thread thread_;
};

class StoreOutageTest : public ::testing::Test {
 protected:
  StoreOutageTest() : store(std::make_unique<StoreProcess>(data)) {
    store->Import(CurveOf("acme/a"));
    store->Import(CurveOf("acme/b"));
    planner = std::make_unique<PlannerProcess>(store->address());
  }
  void SetUp() override { ASSERT_TRUE(planner->AwaitHealth(Health::kServing)); }

  void Kill() {
    store->process().Signal(SIGKILL);
    ASSERT_TRUE(store->process().Wait());
  }
  void Restart() {
    const int port = store->port();
    store.reset();
    store = std::make_unique<StoreProcess>(data, port);
  }

  StoreData data;
  std::unique_ptr<StoreProcess> store;
  std::unique_ptr<PlannerProcess> planner;
};

TEST_F(StoreOutageTest, PlansGoOnWhileTheStoreIsKilledAndRestarted) {
  PlanLoop loop(*planner, PlanRequest());
  EXPECT_FALSE(loop.expected().empty());
  // The second outage is long enough for every backoff to be at its longest.
  for (const milliseconds outage : {milliseconds(0), milliseconds(4000), milliseconds(0)}) {
    ASSERT_TRUE(loop.AwaitStale(false, std::chrono::seconds(1)));
    Kill();
    ASSERT_TRUE(loop.AwaitStale(true, std::chrono::seconds(1)));
    ASSERT_TRUE(loop.AwaitAge(outage));
    EXPECT_EQ(planner->health(), Health::kServing);
    Restart();
    const auto back = Clock::now();
    EXPECT_TRUE(loop.AwaitStale(false, std::chrono::seconds(1))) << "not fresh a second after the store is back";
    std::cout << "fresh again after " << std::chrono::duration_cast<milliseconds>(Clock::now() - back).count()
              << " ms\n";
  }
  loop.Stop();
  EXPECT_GT(loop.answers(), 0);
}

TEST_F(StoreOutageTest, AModelThatWasNeverLoadedIsNamedAndLoadsWhenTheStoreIsBack) {
  ASSERT_TRUE(planner->Plan(PlanRequest({"acme/a"})).status.ok());
  Kill();
  ASSERT_TRUE(WaitFor([&] { return planner->Plan(PlanRequest({"acme/a"})).response.freshness().stale(); }));
  const auto refused = planner->Plan(PlanRequest({"acme/b"}));
  ASSERT_FALSE(refused.status.ok());
  const auto error = rpc::FromGrpcStatus(refused.status);
  EXPECT_THAT(error, Fails(ErrorCode::kUnavailable, "STORE_UNREACHABLE"));
  EXPECT_THAT(error.message, ::testing::HasSubstr("acme/b"));
  Restart();
  EXPECT_TRUE(WaitFor([&] { return planner->Plan(PlanRequest({"acme/b"})).status.ok(); }));
}

TEST_F(StoreOutageTest, WhatWasImportedWhileThePlannerWasCutOffIsSeenAfterwards) {
  ASSERT_TRUE(planner->Plan(PlanRequest()).status.ok());
  Kill();
  ASSERT_TRUE(WaitFor([&] { return planner->Plan(PlanRequest()).response.freshness().stale(); }));
  Restart();
  const auto revision = store->Import(CurveOf("acme/c", 8));
  EXPECT_TRUE(WaitFor([&] {
    const auto answer = planner->Plan(PlanRequest());
    return answer.response.freshness().revision() == revision && answer.response.options_size() == 3;
  }));
}

TEST_F(StoreOutageTest, NoCallOutlivesItsDeadlineWhileTheStoreHangs) {
  constexpr milliseconds kDeadline(300);
  constexpr milliseconds kTolerance(100);
  ASSERT_TRUE(planner->Plan(PlanRequest({"acme/a"})).status.ok());
  store->Freeze();
  const auto hung = planner->Plan(PlanRequest({"acme/b"}), kDeadline);
  EXPECT_EQ(hung.status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_LE(hung.took, kDeadline + kTolerance);
  bool stale = false;
  EXPECT_TRUE(WaitFor([&] {
    const auto known = planner->Plan(PlanRequest({"acme/a"}), kDeadline);
    EXPECT_TRUE(known.status.ok()) << known.status.error_message();
    EXPECT_LE(known.took, kDeadline + kTolerance);
    return stale = known.response.freshness().stale();
  }));
  ASSERT_TRUE(stale);
  const auto refused = planner->Plan(PlanRequest({"acme/b"}), kDeadline);
  EXPECT_EQ(refused.status.error_code(), grpc::StatusCode::UNAVAILABLE);
  store->Thaw();
  EXPECT_TRUE(WaitFor([&] {
    const auto answer = planner->Plan(PlanRequest({"acme/b"}));
    return answer.status.ok() && !answer.response.freshness().stale();
  }));
}

TEST(OldEvidence, IsNotServed) {
  const StoreData data;
  StoreProcess store(data);
  store.Import(CurveOf("acme/a"));
  PlannerProcess planner(store.address(), {{"EVIDENCE_MAX_AGE_MS", "1"}});
  ASSERT_TRUE(planner.AwaitHealth(Health::kServing));
  ASSERT_TRUE(planner.Plan(PlanRequest()).status.ok());
  store.process().Signal(SIGKILL);
  ASSERT_TRUE(planner.AwaitHealth(Health::kNotServing));
  const auto refused = planner.Plan(PlanRequest());
  ASSERT_FALSE(refused.status.ok());
  EXPECT_THAT(rpc::FromGrpcStatus(refused.status), Fails(ErrorCode::kUnavailable, "STORE_UNREACHABLE"));
}

}  // namespace
}  // namespace loadline::testing
