#include "libs/rpc/service_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <nlohmann/json.hpp>
#include <set>

#include "libs/rpc/status.h"
#include "loadline/benchmark/v1/benchmark_service.pb.h"
#include "loadline/catalog/v1/catalog_service.grpc.pb.h"
#include "loadline/planner/v1/planner_service.pb.h"
#include "tests/unit/libs/rpc/loopback.h"

namespace loadline::rpc {
namespace {

using testing::Loopback;
using ::testing::UnorderedElementsAre;

base::Error Away() { return {.code = base::ErrorCode::kUnavailable, .reason = "AWAY", .message = "Away."}; }

/// Fails as often as it is told, then answers.
class Faulty {
 public:
  explicit Faulty(base::Error error, int failures) : error_(std::move(error)), failures_(failures) {}

  base::Status operator()() {
    if (++calls_ <= failures_) return base::Fail(error_);
    return {};
  }
  int calls() const { return calls_; }

 private:
  const base::Error error_;
  const int failures_;
  std::atomic<int> calls_ = 0;
};

constexpr int kAlways = 1'000'000;

void AddMethods(const google::protobuf::FileDescriptor& file, std::set<std::string>& methods) {
  for (int i = 0; i < file.service_count(); ++i) {
    const auto& service = *file.service(i);
    for (int j = 0; j < service.method_count(); ++j) methods.insert(service.method(j)->full_name());
  }
}

TEST(ServiceConfig, DecidesForEveryCallOfTheContract) {
  std::set<std::string> methods;
  AddMethods(*benchmark::v1::ListBenchmarksRequest::descriptor()->file(), methods);
  AddMethods(*catalog::v1::ListModelsRequest::descriptor()->file(), methods);
  AddMethods(*planner::v1::PlanCapacityRequest::descriptor()->file(), methods);
  const auto config = nlohmann::json::parse(ServiceConfig("x:1"));
  for (const auto& name : config["methodConfig"][0]["name"]) {
    const auto method = name["service"].get<std::string>() + "." + name["method"].get<std::string>();
    EXPECT_EQ(methods.erase(method), 1U) << method << " is no call of the contract";
  }
  EXPECT_THAT(methods, UnorderedElementsAre("loadline.benchmark.v1.BenchmarkService.ImportBenchmarks",
                                            "loadline.benchmark.v1.BenchmarkService.ImportWithProgress",
                                            "loadline.benchmark.v1.BenchmarkService.WatchChanges",
                                            "loadline.catalog.v1.CatalogService.UpsertHardware"))
      << "is it retried or not?";
}

TEST(ServiceConfig, ACallThatChangesNothingIsTriedAgain) {
  Faulty faulty(Away(), 2);
  Loopback loopback([&](Call&) { return faulty(); });
  EXPECT_TRUE(loopback.Call().ok());
  EXPECT_EQ(faulty.calls(), 3);
}

TEST(ServiceConfig, AtMostTwice) {
  Faulty faulty(Away(), kAlways);
  Loopback loopback([&](Call&) { return faulty(); });
  EXPECT_EQ(FromGrpcStatus(loopback.Call()), Away());
  EXPECT_EQ(faulty.calls(), 3);
}

TEST(ServiceConfig, WhatWaitingDoesNotHelpIsNotTriedAgain) {
  Faulty faulty(base::InvalidArgument("id", "is empty."), kAlways);
  Loopback loopback([&](Call&) { return faulty(); });
  EXPECT_FALSE(loopback.Call().ok());
  EXPECT_EQ(faulty.calls(), 1);
}

TEST(ServiceConfig, WhatSaysWhenToComeBackIsNotTriedAgainBefore) {
  const auto later = base::Unavailable("AWAY", "Away.", std::chrono::milliseconds(1));
  Faulty faulty(later, kAlways);
  Loopback loopback([&](Call&) { return faulty(); });
  EXPECT_EQ(FromGrpcStatus(loopback.Call()), later);
  EXPECT_EQ(faulty.calls(), 1);
}

TEST(ServiceConfig, RetriesHaveABudget) {
  constexpr int kCalls = 100;
  Faulty faulty(Away(), kAlways);
  Loopback loopback([&](Call&) { return faulty(); });
  for (int i = 0; i < kCalls; ++i) EXPECT_FALSE(loopback.Call().ok());
  EXPECT_LE(faulty.calls(), kCalls + 10);
}

TEST(ServiceConfig, RetriesStayWithinTheDeadline) {
  Faulty faulty(Away(), kAlways);
  Loopback loopback([&](Call&) { return faulty(); });
  const auto started = std::chrono::steady_clock::now();
  EXPECT_FALSE(loopback.Call("", std::chrono::milliseconds(20)).ok());
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::milliseconds(120));
}

class UpsertHandler final : public catalog::v1::CatalogService::Service {
 public:
  grpc::Status UpsertHardware(grpc::ServerContext*, const catalog::v1::UpsertHardwareRequest*,
                              catalog::v1::UpsertHardwareResponse*) override {
    ++calls;
    return ToGrpcStatus(Away());
  }
  std::atomic<int> calls = 0;
};

TEST(ServiceConfig, AWriteIsNotTriedAgain) {
  UpsertHandler handler;
  const auto server = Server::Start({}, {&handler}).value();
  const auto stub = catalog::v1::CatalogService::NewStub(MakeChannel("127.0.0.1:" + std::to_string(server->port())));
  grpc::ClientContext context;
  SetDeadline(context, std::chrono::seconds(20));
  catalog::v1::UpsertHardwareResponse response;
  EXPECT_FALSE(stub->UpsertHardware(&context, {}, &response).ok());
  EXPECT_EQ(handler.calls, 1);
}

/// Two servers behind one target.
class TwoServersTest : public ::testing::Test {
 protected:
  TwoServersTest() : channel(MakeChannel("ipv4:" + first.address() + "," + second.address())) {
    first.server().SetServing({}, true);
    second.server().SetServing({}, true);
  }

  grpc::Status Call() {
    grpc::ClientContext context;
    SetDeadline(context, std::chrono::seconds(20));
    testing::pb::GetBenchmarkResponse response;
    return testing::pb::BenchmarkService::NewStub(channel)->GetBenchmark(&context, {}, &response);
  }
  // Until both have been called.
  bool AwaitBoth() {
    for (int i = 0; i < 10'000 && (first_calls == 0 || second_calls == 0); ++i) EXPECT_TRUE(Call().ok());
    return first_calls > 0 && second_calls > 0;
  }

  std::atomic<int> first_calls = 0;
  std::atomic<int> second_calls = 0;
  Loopback first{[this](rpc::Call&) {
    ++first_calls;
    return base::Status();
  }};
  Loopback second{[this](rpc::Call&) {
    ++second_calls;
    return base::Status();
  }};
  std::shared_ptr<grpc::Channel> channel;
};

TEST_F(TwoServersTest, CallsGoToEachInTurn) {
  ASSERT_TRUE(AwaitBoth());
  first_calls = second_calls = 0;
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(Call().ok());
  EXPECT_EQ(first_calls, 50);
  EXPECT_EQ(second_calls, 50);
}

TEST_F(TwoServersTest, AServerThatDoesNotServeGetsNoCalls) {
  ASSERT_TRUE(AwaitBoth());
  first.server().SetServing({}, false);
  int in_a_row = 0;
  for (int i = 0; i < 10'000 && in_a_row < 50; ++i) {
    const int before = first_calls;
    ASSERT_TRUE(Call().ok());
    in_a_row = first_calls == before ? in_a_row + 1 : 0;
  }
  EXPECT_EQ(in_a_row, 50);
}

TEST_F(TwoServersTest, AServerThatStopsCostsNoCall) {
  ASSERT_TRUE(AwaitBoth());
  first.server().Stop(std::chrono::seconds(1));
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(Call().ok());
}

}  // namespace
}  // namespace loadline::rpc
