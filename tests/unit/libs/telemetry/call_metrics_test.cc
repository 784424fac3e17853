#include "libs/telemetry/call_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "libs/testing/fake_clock.h"
#include "tests/unit/libs/telemetry/contract.h"

namespace loadline::telemetry {
namespace {

using ::testing::ElementsAre;
using testing::FakeClock;
using ::testing::Pair;

constexpr char kService[] = "loadline.benchmark.v1.BenchmarkService";

class CallMetricsTest : public ::testing::Test {
 protected:
  base::Status Run(std::string_view method, const rpc::Stage::Next& body) {
    rpc::Call call{.method = method, .context = context_, .deadline = base::Instant::max()};
    return metrics_.Handle(call, body);
  }
  // The samples of `name` that are about `method`.
  std::vector<Sample> Of(const std::string& name, const std::string& method = "GetBenchmark") const {
    std::vector<Sample> samples;
    for (const auto& metric : metrics_.Collect()) {
      if (metric.name != name) continue;
      for (const auto& sample : metric.samples) {
        for (const auto& [label, value] : sample.labels) {
          if (label == "grpc_method" && value == method) samples.push_back(sample);
        }
      }
    }
    return samples;
  }
  double ValueOf(const std::string& name) const { return Of(name).at(0).value; }

  FakeClock clock_;
  grpc::ServerContext context_;
  CallMetrics metrics_{testing::LinkedMethodsOf({kService}), clock_};
};

base::Status Done(rpc::Call&) { return {}; }
base::Status Refused(rpc::Call&) { return base::Fail(base::InvalidArgument("id", "is wrong.")); }

TEST(MethodsTest, MethodsAreThoseOfTheContract) {
  const auto methods = testing::LinkedMethodsOf({kService, "loadline.planner.v1.PlannerService", "no.such.Service"});
  std::map<std::string, std::string> types;
  for (const auto& method : methods) types[method.name] = method.type;
  EXPECT_EQ(types["GetBenchmark"], "unary");
  EXPECT_EQ(types["ImportBenchmarks"], "client_stream");
  EXPECT_EQ(types["WatchChanges"], "server_stream");
  EXPECT_EQ(types["PlanCapacity"], "unary");
}

TEST_F(CallMetricsTest, EveryMethodIsThereBeforeItsFirstCall) {
  EXPECT_EQ(Of("grpc_server_started_total", "WatchChanges").size(), 1);
  EXPECT_EQ(Of("grpc_server_handled_total", "WatchChanges").size(), 1);
  EXPECT_EQ(Of("grpc_server_handling_seconds", "WatchChanges").size(), 1);
}

TEST_F(CallMetricsTest, CallsAreCountedByHowTheyEnded) {
  static_cast<void>(Run("GetBenchmark", Done));
  static_cast<void>(Run("GetBenchmark", Done));
  static_cast<void>(Run("GetBenchmark", Refused));
  EXPECT_EQ(ValueOf("grpc_server_started_total"), 3);
  const auto handled = Of("grpc_server_handled_total");
  ASSERT_EQ(handled.size(), 2);
  EXPECT_THAT(handled[0].labels, ElementsAre(Pair("grpc_code", "OK"), Pair("grpc_method", "GetBenchmark"),
                                             Pair("grpc_service", kService), Pair("grpc_type", "unary")));
  EXPECT_EQ(handled[0].value, 2);
  EXPECT_EQ(handled[1].labels[0].second, "InvalidArgument");
  EXPECT_EQ(handled[1].value, 1);
}

TEST_F(CallMetricsTest, AnErrorIsPassedOnAsItIs) {
  EXPECT_EQ(Run("GetBenchmark", Refused).error(), base::InvalidArgument("id", "is wrong."));
}

TEST_F(CallMetricsTest, CallsAreTimed) {
  static_cast<void>(Run("GetBenchmark", [this](rpc::Call&) -> base::Status {
    clock_.Advance(std::chrono::milliseconds(7));
    return {};
  }));
  const auto buckets = Of("grpc_server_handling_seconds").at(0).buckets;
  EXPECT_DOUBLE_EQ(buckets.sum, 0.007);
  EXPECT_EQ(std::accumulate(buckets.counts.begin(), buckets.counts.end(), std::uint64_t{0}), 1);
  const auto ten_ms = std::find(buckets.bounds.begin(), buckets.bounds.end(), 0.01) - buckets.bounds.begin();
  EXPECT_EQ(buckets.counts.at(static_cast<std::size_t>(ten_ms)), 1);
}

TEST_F(CallMetricsTest, WhatRunsIsInFlight) {
  double during = 0;
  static_cast<void>(Run("GetBenchmark", [&](rpc::Call&) -> base::Status {
    during = ValueOf("grpc_server_in_flight");
    return {};
  }));
  EXPECT_EQ(during, 1);
  EXPECT_EQ(ValueOf("grpc_server_in_flight"), 0);
}

TEST_F(CallMetricsTest, ACallOfNoKnownMethodIsPassedOn) {
  EXPECT_TRUE(Run("NoSuchMethod", Done));
  EXPECT_TRUE(Of("grpc_server_started_total", "NoSuchMethod").empty());
}

}  // namespace
}  // namespace loadline::telemetry
