#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "libs/rpc/channel.h"
#include "libs/testing/matchers.h"
#include "libs/testing/port.h"
#include "libs/testing/wait.h"
#include "tests/integration/services.h"
#include "tests/integration/store_client.h"

/// What callers notice of a program that is told to stop: nothing.
namespace loadline::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr char kModel[] = "acme/a";
// Long enough for clients to hear of it.
constexpr char kDrain[] = "500";

/// Threads that call again and again, until destroyed.
class Load {
 public:
  Load(int threads, std::function<grpc::Status()> call) : call_(std::move(call)) {
    for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Run(); });
  }
  ~Load() { Stop(); }
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  bool AwaitAnswers(int more) const {
    const int until = answers_ + more;
    return WaitFor([&] { return answers_ >= until; }, seconds(30));
  }
  void Stop() {
    done_ = true;
    for (auto& thread : threads_) thread.join();
    threads_.clear();
  }
  /// By what they said.
  std::map<std::string, int> failures() const {
    const std::lock_guard lock(mutex_);
    return failures_;
  }

 private:
  void Run() {
    while (!done_) {
      const auto status = call_();
      ++answers_;
      if (status.ok()) continue;
      const std::lock_guard lock(mutex_);
      ++failures_[std::to_string(status.error_code()) + " " + status.error_message()];
    }
  }

  const std::function<grpc::Status()> call_;
  std::atomic<bool> done_ = false;
  std::atomic<int> answers_ = 0;
  mutable std::mutex mutex_;
  std::map<std::string, int> failures_;  // guarded by mutex_
  std::vector<std::thread> threads_;
};

/// A channel that takes both in turn, and leaves out who is not healthy.
std::shared_ptr<grpc::Channel> RoundRobin(int one, int other) {
  return rpc::MakeChannel("ipv4:127.0.0.1:" + std::to_string(one) + ",127.0.0.1:" + std::to_string(other));
}

/// One of two is told to stop while both are called: it ends well, and the
/// calls go on.
void StopUnderLoad(Process& stopping, Load& load) {
  ASSERT_TRUE(load.AwaitAnswers(100));
  stopping.Signal(SIGTERM);
  EXPECT_EQ(stopping.Wait(), 0);
  EXPECT_TRUE(load.AwaitAnswers(100));
  load.Stop();
  EXPECT_THAT(load.failures(), ::testing::IsEmpty());
}

TEST(Shutdown, OfOnePlannerOfTwoLosesNoCall) {
  const StoreData data;
  StoreProcess store(data);
  ASSERT_GT(store.Import(CurveOf(kModel)), 0);
  PlannerProcess one(store.address(), {{"SHUTDOWN_DRAIN_MS", kDrain}});
  PlannerProcess other(store.address());
  ASSERT_TRUE(one.AwaitHealth(Health::kServing));
  ASSERT_TRUE(other.AwaitHealth(Health::kServing));
  const auto stub = planner::v1::PlannerService::NewStub(RoundRobin(one.process().Port(), other.process().Port()));
  Load load(4, [&] {
    grpc::ClientContext context;
    rpc::SetDeadline(context, seconds(20));
    planner::v1::PlanCapacityResponse response;
    return stub->PlanCapacity(&context, PlanRequest({kModel}), &response);
  });
  StopUnderLoad(one.process(), load);
}

TEST(Shutdown, OfOneStoreOfTwoLosesNoCall) {
  const StoreData data;
  auto environment = data.environment();
  environment["SHUTDOWN_DRAIN_MS"] = kDrain;
  StoreProcess one(environment);
  const StoreData other_data;
  StoreProcess other(other_data);
  for (auto* store : {&one, &other}) ASSERT_GT(store->Import(CurveOf(kModel)), 0);
  const auto stub = benchmark::v1::BenchmarkService::NewStub(RoundRobin(one.port(), other.port()));
  Load load(4, [&] {
    grpc::ClientContext context;
    rpc::SetDeadline(context, seconds(20));
    benchmark::v1::ListBenchmarksResponse response;
    return stub->ListBenchmarks(&context, {}, &response);
  });
  StopUnderLoad(one.process(), load);
}

TEST(Shutdown, AnImportUnderWayIsFinished) {
  const StoreData data;
  const auto rows = ManyBenchmarks(kModel, 500);
  {
    // The drain is there for the import's first message, which may be late.
    auto environment = data.environment();
    environment["SHUTDOWN_DRAIN_MS"] = "300";
    StoreProcess store(environment);
    const StoreClient client(store.address());
    OpenImport import(client, rows);
    store.process().Signal(SIGTERM);
    ASSERT_TRUE(store.process().WaitForEvent("stopping"));
    import.Commit();
    EXPECT_THAT(import.Finish(), IsOk());
    EXPECT_EQ(store.process().Wait(), 0);
  }
  StoreProcess again(data);
  EXPECT_EQ(StoreClient(again.address()).Ids().value(), IdsOf(rows));
}

TEST(Shutdown, AnImportThatOutlastsTheGraceIsCancelledAndLeavesNothing) {
  const StoreData data;
  {
    auto environment = data.environment();
    environment["SHUTDOWN_GRACE_MS"] = "100";
    StoreProcess store(environment);
    const StoreClient client(store.address());
    OpenImport import(client, ManyBenchmarks(kModel, 500));
    store.process().Signal(SIGTERM);
    EXPECT_EQ(store.process().Wait(), 0);
    const auto outcome = import.Finish();
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, base::ErrorCode::kUnavailable) << outcome.error().message;
  }
  StoreProcess again(data);
  EXPECT_THAT(StoreClient(again.address()).Ids().value(), ::testing::IsEmpty());
}

TEST(Shutdown, ASecondSignalIsQuick) {
  const StoreData data;
  auto environment = data.environment();
  environment["SHUTDOWN_DRAIN_MS"] = "86400000";
  StoreProcess store(environment);
  store.process().Signal(SIGTERM);
  ASSERT_TRUE(store.process().WaitForEvent("stopping"));
  store.process().Signal(SIGTERM);
  EXPECT_EQ(store.process().Wait(seconds(5)), 128 + SIGTERM);
}

std::shared_ptr<grpc::Channel> AdminOf(Process& process) {
  const auto event = process.WaitForEvent("admin_listening");
  if (!event) throw std::runtime_error("no admin port: " + process.ErrorOutput());
  return rpc::MakeChannel("127.0.0.1:" + event->at("port").get<std::string>());
}

TEST(Probes, TellThatAPlannerLivesBeforeItHasReachedTheStore) {
  const StoreData data;
  const int store_port = FreePort();
  PlannerProcess planner("127.0.0.1:" + std::to_string(store_port), {{"ADMIN_ADDRESS", "127.0.0.1:0"}});
  const auto admin = AdminOf(planner.process());
  EXPECT_EQ(HealthOf(admin, "liveness"), Health::kServing);
  EXPECT_EQ(HealthOf(admin), Health::kNotServing);
  StoreProcess store(data, store_port);
  EXPECT_TRUE(WaitFor([&] { return HealthOf(admin) == Health::kServing; }, seconds(30)));
}

}  // namespace
}  // namespace loadline::testing
