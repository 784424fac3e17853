#include "services/planner/planner_app.h"

#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>
#include <string>

#include "libs/testing/health.h"

namespace loadline::planner {
namespace {

using loadline::testing::Health;
using loadline::testing::HealthOf;

Health HealthAt(int port) {
  return HealthOf(grpc::CreateChannel("127.0.0.1:" + std::to_string(port), grpc::InsecureChannelCredentials()));
}

TEST(PlannerAppTest, AnExceptionThatEndsTheServingLeavesNothingRunning) {
  auto config = ReadConfig([](const std::string& name) -> std::optional<std::string> {
    if (name == "LISTEN_ADDRESS") return "127.0.0.1:0";
    if (name == "BENCHMARK_STORE_ADDRESS") return "127.0.0.1:1";
    return std::nullopt;
  });
  int port = 0;
  const auto await_stop = [&port](int at) {
    port = at;
    EXPECT_EQ(HealthAt(at), Health::kNotServing);
    throw std::runtime_error("no more");
  };
  EXPECT_THROW(static_cast<void>(Serve(*config, await_stop)), std::runtime_error);
  EXPECT_EQ(HealthAt(port), Health::kAway);
}

}  // namespace
}  // namespace loadline::planner
