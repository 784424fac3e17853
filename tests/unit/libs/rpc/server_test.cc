#include "libs/rpc/server.h"

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "libs/rpc/status.h"
#include "libs/testing/health.h"
#include "libs/testing/matchers.h"
#include "libs/testing/wait.h"
#include "tests/unit/libs/rpc/loopback.h"

namespace loadline::rpc {
namespace {

using base::ErrorCode;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Fails;
using testing::Gate;
using ::testing::HasSubstr;
using testing::Health;
using testing::HealthOf;
using testing::Loopback;

base::Status Done(Call&) { return {}; }

TEST(Server, AnswersOnThePortItNames) {
  Loopback loopback(Done);
  EXPECT_GT(loopback.server().port(), 0);
  EXPECT_TRUE(loopback.Call().ok());
}

TEST(Server, AnAddressThatIsTakenIsRefused) {
  const Loopback first(Done);
  const auto second = Server::Start({.listen = first.address()}, {});
  EXPECT_THAT(second, Fails(ErrorCode::kUnavailable, "CANNOT_LISTEN"));
  EXPECT_THAT(second.error().message, HasSubstr(first.address()));
}

TEST(Server, AnAddressThatIsNotOursIsRefused) {
  EXPECT_THAT(Server::Start({.listen = "192.0.2.1:50051"}, {}), Fails(ErrorCode::kUnavailable, "CANNOT_LISTEN"));
}

TEST(Server, APortThatCannotBeIsRefused) {
  for (const std::string address :
       {"127.0.0.1:65536", "127.0.0.1:99999", "127.0.0.1:-1", "127.0.0.1:http", "127.0.0.1"}) {
    EXPECT_THAT(Server::Start({.listen = address}, {}), Fails(ErrorCode::kUnavailable, "CANNOT_LISTEN")) << address;
  }
}

TEST(Server, ThePortIsFreeAgainAfterStop) {
  Loopback first(Done);
  first.server().Stop(seconds(1));
  EXPECT_TRUE(Server::Start({.listen = first.address()}, {}).has_value());
}

TEST(Server, AHandlerSeesWhoCalls) {
  std::string peer;
  Loopback loopback([&](Call& call) -> base::Status {
    peer = call.context.peer();
    return {};
  });
  ASSERT_TRUE(loopback.Call().ok());
  EXPECT_THAT(peer, ::testing::MatchesRegex("ipv4:127.0.0.1:[0-9]+"));
}

TEST(Server, ConnectionsBeyondTheCapAreClosedAndThoseThatAreThereGoOn) {
  Loopback loopback(Done, {.connections = {.total = 1, .per_address = 1}});
  ASSERT_TRUE(loopback.Call().ok());
  grpc::ChannelArguments own_connection;
  own_connection.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  const auto other = grpc::CreateCustomChannel(loopback.address(), grpc::InsecureChannelCredentials(), own_connection);
  EXPECT_EQ(HealthOf(other), Health::kAway);
  EXPECT_TRUE(loopback.Call().ok());
  EXPECT_EQ(loopback.server().connections().live, 1);
  EXPECT_GE(loopback.server().connections().refused_address_cap + loopback.server().connections().refused_total_cap, 1);
}

TEST(Server, AnOldConnectionIsClosedGentlyAndNoCallIsLost) {
  Loopback loopback(Done, {.max_connection_age = milliseconds(20)});
  EXPECT_TRUE(testing::WaitFor([&] {
    EXPECT_TRUE(loopback.Call().ok());
    return loopback.server().connections().accepted >= 3;
  }));
}

TEST(Server, HeadersThatAreTooLargeAreRefusedAndTheNextCallIsAnswered) {
  Loopback loopback(Done);
  grpc::ClientContext context;
  context.AddMetadata("x-large", std::string(9 << 10, 'x'));
  EXPECT_FALSE(loopback.Call(context, "", seconds(20)).ok());
  EXPECT_TRUE(testing::WaitFor([&] { return loopback.Call().ok(); }));
}

TEST(ServerHealth, StartsAsNotServing) {
  const Loopback loopback(Done, {.service_names = {"one"}});
  EXPECT_EQ(HealthOf(loopback.channel(), ""), Health::kNotServing);
  EXPECT_EQ(HealthOf(loopback.channel(), "one"), Health::kNotServing);
}

TEST(ServerHealth, AServiceThatWasNeverNamedIsUnknown) {
  const Loopback loopback(Done);
  EXPECT_EQ(HealthOf(loopback.channel(), "other"), Health::kUnknown);
}

TEST(ServerHealth, FollowsSetServing) {
  Loopback loopback(Done);
  loopback.server().SetServing({"one"}, true);
  EXPECT_EQ(HealthOf(loopback.channel(), ""), Health::kServing);
  EXPECT_EQ(HealthOf(loopback.channel(), "one"), Health::kServing);
  loopback.server().SetServing({"one"}, false);
  EXPECT_EQ(HealthOf(loopback.channel(), ""), Health::kNotServing);
  EXPECT_EQ(HealthOf(loopback.channel(), "one"), Health::kNotServing);
}

TEST(Server, HandlersBeyondTheCapAreRefused) {
  constexpr int kThreads = 3;
  Gate gate;
  Loopback loopback(
      [&](Call&) {
        gate.Pass();
        return base::Status();
      },
      {.max_threads = kThreads});
  std::vector<std::future<grpc::Status>> running;
  for (int i = 0; i < kThreads; ++i) running.push_back(std::async(std::launch::async, [&] { return loopback.Call(); }));
  gate.AwaitArrivals(kThreads);
  EXPECT_THAT(FromGrpcStatus(loopback.Call()), Fails(ErrorCode::kResourceExhausted, "TRANSPORT"));
  gate.Open();
  for (auto& call : running) EXPECT_TRUE(call.get().ok());
}

TEST(Server, StopLetsARunningCallFinish) {
  Gate gate;
  Loopback loopback([&](Call&) {
    gate.Pass();
    return base::Status();
  });
  auto call = std::async(std::launch::async, [&] { return loopback.Call(); });
  gate.AwaitArrivals(1);
  auto stopped = std::async(std::launch::async, [&] { loopback.server().Stop(seconds(20)); });
  // It no longer accepts, and the call goes on.
  EXPECT_TRUE(testing::WaitFor([&] { return HealthOf(MakeChannel(loopback.address()), "") == Health::kAway; }));
  EXPECT_EQ(call.wait_for(milliseconds(0)), std::future_status::timeout);
  gate.Open();
  EXPECT_TRUE(call.get().ok());
  stopped.get();
}

TEST(Server, StopCancelsWhatOutlastsTheGrace) {
  Gate gate;
  Loopback loopback([&](Call& call) -> base::Status {
    gate.Pass();
    if (!testing::WaitFor([&] { return call.Cancelled(); })) return {};
    return base::Fail(base::Unavailable("STOPPING", "The server stops.", milliseconds(100)));
  });
  gate.Open();
  auto call = std::async(std::launch::async, [&] { return loopback.Call(); });
  gate.AwaitArrivals(1);
  loopback.server().Stop(milliseconds(20));
  EXPECT_FALSE(call.get().ok());
}

TEST(Server, StopIsIdempotent) {
  Loopback loopback(Done);
  loopback.server().Stop(seconds(1));
  loopback.server().Stop(seconds(1));
  EXPECT_EQ(FromGrpcStatus(loopback.Call()).code, ErrorCode::kUnavailable);
}

TEST(Server, ARequestThatIsTooLargeIsRefusedAndTheNextIsAnswered) {
  Loopback loopback(Done, {.max_receive_bytes = 1 << 16});
  const auto status = loopback.Call(std::string(1 << 17, 'x'));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(loopback.Call().ok());
}

TEST(Server, AHandlerSeesThatItsCallerGaveUp) {
  Gate gate;
  std::promise<bool> cancelled;
  Loopback loopback([&](Call& call) {
    gate.Pass();
    cancelled.set_value(testing::WaitFor([&] { return call.Cancelled(); }));
    return base::Status();
  });
  gate.Open();
  grpc::ClientContext context;
  auto call = std::async(std::launch::async, [&] { return loopback.Call(context, "", seconds(20)); });
  gate.AwaitArrivals(1);
  context.TryCancel();
  EXPECT_EQ(call.get().error_code(), grpc::StatusCode::CANCELLED);
  EXPECT_TRUE(cancelled.get_future().get());
}

}  // namespace
}  // namespace loadline::rpc
