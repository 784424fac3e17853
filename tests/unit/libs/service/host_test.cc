#include "libs/service/host.h"

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <future>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "libs/base/descriptors.h"
#include "libs/testing/health.h"
#include "libs/testing/matchers.h"
#include "libs/testing/port.h"
#include "libs/testing/wait.h"
#include "tests/unit/libs/rpc/loopback.h"
#include "tests/unit/libs/service/settings_with.h"

namespace loadline::service {
namespace {

using base::ErrorCode;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Fails;
using testing::Gate;
using testing::Health;
using testing::HealthOf;
using testing::OneHandler;
using testing::SettingsWith;
using testing::Variables;
using testing::WaitFor;

constexpr char kService[] = "some.Service";

rpc::Stage::Next Passing(Gate& gate) {
  return [&gate](rpc::Call&) {
    gate.Pass();
    return base::Status();
  };
}

std::shared_ptr<grpc::Channel> ChannelTo(int port) {
  return grpc::CreateChannel("127.0.0.1:" + std::to_string(port), grpc::InsecureChannelCredentials());
}

grpc::Status CallAt(int port) {
  grpc::ClientContext context;
  rpc::SetDeadline(context, seconds(20));
  testing::pb::GetBenchmarkResponse response;
  return testing::pb::BenchmarkService::NewStub(ChannelTo(port))->GetBenchmark(&context, {}, &response);
}

/// A host that runs until `Stop`.
class Running {
 public:
  explicit Running(
      Variables variables, rpc::Stage::Next body = [](rpc::Call&) { return base::Status(); })
      : handler_(std::move(body)), admin_port_(testing::FreePort()) {
    variables["ADMIN_ADDRESS"] = "127.0.0.1:" + std::to_string(admin_port_);
    host_ = Host::Start(SettingsWith(variables), {.service_names = {kService}}, {&handler_}).value();
    run_ = std::async(std::launch::async, [this] {
      host_->Run([this](int) { stop_.get_future().wait(); }, [this] { streams_ended_ = true; });
    });
  }
  ~Running() { Stop(); }

  Host& host() { return *host_; }
  int port() const { return host_->server().port(); }
  Health health(const std::string& service = {}) const { return HealthOf(ChannelTo(port()), service); }
  Health admin_health(const std::string& service = {}) const { return HealthOf(ChannelTo(admin_port_), service); }
  bool streams_ended() const { return streams_ended_; }
  void BeginStop() {
    if (!std::exchange(stopping_, true)) stop_.set_value();
  }
  void Stop() {
    BeginStop();
    if (run_.valid()) run_.get();
  }

 private:
  OneHandler handler_;
  const int admin_port_;
  std::unique_ptr<Host> host_;
  std::promise<void> stop_;
  bool stopping_ = false;
  std::atomic<bool> streams_ended_ = false;
  std::future<void> run_;
};

TEST(Host, IsNotReadyUntilItIsSaid) {
  Running running(Variables{});
  for (const auto* name : {"", kService}) {
    EXPECT_EQ(running.health(name), Health::kNotServing) << name;
    EXPECT_EQ(running.admin_health(name), Health::kNotServing) << name;
  }
  running.host().SetReady(true);
  for (const auto* name : {"", kService}) {
    EXPECT_EQ(running.health(name), Health::kServing) << name;
    EXPECT_EQ(running.admin_health(name), Health::kServing) << name;
  }
}

TEST(Host, IsAliveThoughItIsNotReady) {
  Running running(Variables{});
  EXPECT_EQ(running.admin_health(Host::kLiveness), Health::kServing);
  EXPECT_EQ(running.admin_health(), Health::kNotServing);
}

TEST(Host, TheAdminPortServesNoCalls) {
  Running running(Variables{});
  EXPECT_TRUE(CallAt(running.port()).ok());
  EXPECT_EQ(running.health(Host::kLiveness), Health::kUnknown);
}

TEST(Host, AnAdminAddressThatIsTakenIsRefused) {
  Running running(Variables{});
  const auto taken = "127.0.0.1:" + std::to_string(running.port());
  EXPECT_THAT(Host::Start(SettingsWith({{"ADMIN_ADDRESS", taken}}), {}, {}),
              Fails(ErrorCode::kUnavailable, "CANNOT_LISTEN"));
}

TEST(Host, GoesOnServingWhileItDrainsAndSaysThatItIsNotReady) {
  Running running(Variables{{"SHUTDOWN_DRAIN_MS", "2000"}});
  running.host().SetReady(true);
  running.BeginStop();
  ASSERT_TRUE(WaitFor([&] { return running.health() == Health::kNotServing; }));
  EXPECT_EQ(running.admin_health(), Health::kNotServing);
  EXPECT_EQ(running.admin_health(Host::kLiveness), Health::kServing);
  EXPECT_TRUE(CallAt(running.port()).ok());
  EXPECT_FALSE(running.streams_ended());
}

TEST(Host, AHealthAnswerIsGivenWhileAllThreadsWork) {
  Gate gate;
  // MAX_THREADS and those that are there to refuse.
  constexpr int kThreads = 4 + 16;
  constexpr int kCallers = 3 * kThreads;
  Running running(Variables{}, Passing(gate));
  running.host().SetReady(true);
  std::vector<std::future<grpc::Status>> calls;
  for (int i = 0; i < kCallers; ++i) {
    calls.push_back(std::async(std::launch::async, [&] { return CallAt(running.port()); }));
  }
  gate.AwaitArrivals(kThreads);
  EXPECT_EQ(running.health(), Health::kServing);
  EXPECT_EQ(running.admin_health(Host::kLiveness), Health::kServing);
  gate.Open();
  for (auto& call : calls) call.get();
}

TEST(Host, EndsStreamsAndAwaitsCallsWhenItStops) {
  Gate gate;
  Running running(Variables{}, Passing(gate));
  auto call = std::async(std::launch::async, [&] { return CallAt(running.port()); });
  gate.AwaitArrivals(1);
  running.BeginStop();
  EXPECT_TRUE(WaitFor([&] { return running.streams_ended(); }));
  EXPECT_EQ(call.wait_for(milliseconds(0)), std::future_status::timeout);
  gate.Open();
  EXPECT_TRUE(call.get().ok());
  running.Stop();
  EXPECT_EQ(running.admin_health(), Health::kAway);
}

TEST(Host, StaysNotReadyOnceItStops) {
  Gate gate;
  Running running(Variables{}, Passing(gate));
  auto call = std::async(std::launch::async, [&] { return CallAt(running.port()); });
  gate.AwaitArrivals(1);
  running.BeginStop();
  ASSERT_TRUE(WaitFor([&] { return running.streams_ended(); }));
  running.host().SetReady(true);
  EXPECT_EQ(running.admin_health(), Health::kNotServing);
  gate.Open();
  EXPECT_TRUE(call.get().ok());
}

TEST(ConnectionCapsWithin, AreTheSettingsWhereThereAreDescriptorsEnough) {
  const auto caps = CapsWithin({.max_connections = 4096, .max_connections_per_address = 1024}, 20'000);
  EXPECT_EQ(caps.total, 4096);
  EXPECT_EQ(caps.per_address, 1024);
}

TEST(ConnectionCapsWithin, LeaveDescriptorsForOthers) {
  for (const int descriptors : {64, 128, 256, 1024, 4096}) {
    const auto caps = CapsWithin({.max_connections = 4096, .max_connections_per_address = 4096}, descriptors);
    EXPECT_GE(caps.total, descriptors / 4) << descriptors;
    EXPECT_LE(caps.total, descriptors * 3 / 4) << descriptors;
    EXPECT_LE(caps.per_address, caps.total) << descriptors;
  }
}

TEST(Host, SaysThatItTakesFewerConnectionsThanItWasTold) {
  auto settings = SettingsWith({});
  settings.limits.max_connections = std::numeric_limits<int>::max();
  ::testing::internal::CaptureStderr();
  EXPECT_THAT(Host::Start(settings, {}, {}), testing::IsOk());
  const auto log = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(log, ::testing::HasSubstr("connections_limited"));
  EXPECT_THAT(log, ::testing::HasSubstr(std::to_string(settings.limits.max_connections)));
}

TEST(Host, HasNothingToSayOfConnectionsThatItMayHave) {
  ::testing::internal::CaptureStderr();
  EXPECT_THAT(Host::Start(SettingsWith({{"MAX_CONNECTIONS", "16"}}), {}, {}), testing::IsOk());
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

TEST(DescriptorLimit, IsRaisedToWhatThisProcessMayHave) {
  rlimit limit = {};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  const auto before = limit;
  limit.rlim_cur = 200;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(static_cast<rlim_t>(base::RaiseDescriptorLimit()), limit.rlim_max);
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(limit.rlim_cur, limit.rlim_max);
  ::setrlimit(RLIMIT_NOFILE, &before);
}

}  // namespace
}  // namespace loadline::service
