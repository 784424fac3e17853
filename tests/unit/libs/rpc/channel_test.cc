#include "libs/rpc/channel.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "libs/rpc/status.h"
#include "libs/testing/matchers.h"
#include "libs/testing/port.h"
#include "loadline/planner/v1/planner_service.grpc.pb.h"
#include "tests/unit/libs/rpc/loopback.h"

namespace loadline::rpc {
namespace {

using base::ErrorCode;
using testing::Fails;
using testing::Gate;
using ::testing::HasSubstr;
using testing::Loopback;

// A port that is taken, so that nobody else listens there, and that refuses.
class RefusingPort {
 public:
  RefusingPort() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    auto address = testing::LoopbackAddress(0);
    socklen_t size = sizeof(address);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(::bind(socket_, generic, size), 0);
    EXPECT_EQ(::getsockname(socket_, generic, &size), 0);
    port_ = ::ntohs(address.sin_port);
  }
  ~RefusingPort() { ::close(socket_); }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  int socket_;
  int port_ = 0;
};

grpc::Status CallTo(const std::string& address) {
  const auto stub = testing::pb::BenchmarkService::NewStub(MakeChannel(address));
  grpc::ClientContext context;
  SetDeadline(context, std::chrono::seconds(20));
  testing::pb::GetBenchmarkResponse response;
  return stub->GetBenchmark(&context, {}, &response);
}

TEST(Channel, AnAddressThatRefusesIsNamedWithAdvice) {
  const RefusingPort port;
  const auto error = ClientError(CallTo(port.address()), "benchmark-store", port.address(), "--store");
  EXPECT_THAT(error, Fails(ErrorCode::kUnavailable, "TRANSPORT"));
  EXPECT_EQ(error.message, "benchmark-store at " + port.address() +
                               " does not answer (connection refused). Is it running? Start it with `make run`, "
                               "or set --store.");
  EXPECT_EQ(error.metadata.at("target"), port.address());
}

TEST(Channel, ANameThatDoesNotResolveIsNamed) {
  const std::string target = "no-such-host.invalid:1";
  const auto error = ClientError(CallTo(target), "planner", target);
  EXPECT_EQ(error.code, ErrorCode::kUnavailable);
  EXPECT_THAT(error.message, HasSubstr("planner at no-such-host.invalid:1 does not answer ("));
}

TEST(Channel, AnAddressThatSwallowsPacketsIsNamedWithWhatWasTried) {
  const grpc::Status status(grpc::StatusCode::UNAVAILABLE,
                            "failed to connect to all addresses; last error: UNKNOWN: ipv4:192.0.2.1:50051: tcp "
                            "handshaker shutdown");
  EXPECT_THAT(ClientError(status, "planner", "192.0.2.1:50051").message,
              HasSubstr("planner at 192.0.2.1:50051 does not answer (no connection within a second)."));
}

TEST(Channel, AnAnswerThatDoesNotComeInTimeIsCalledSo) {
  Gate gate;
  Loopback loopback([&](Call&) {
    gate.Pass();
    return base::Status();
  });
  const auto status = loopback.Call("", std::chrono::milliseconds(50));
  gate.Open();
  const auto error = ClientError(status, "planner", loopback.address());
  EXPECT_THAT(error, Fails(ErrorCode::kDeadlineExceeded, "TRANSPORT"));
  EXPECT_THAT(error.message, HasSubstr("did not answer in time"));
}

TEST(Channel, AnotherServiceAtTheAddressIsNoticed) {
  Loopback loopback([](Call&) { return base::Status(); });
  const auto stub = planner::v1::PlannerService::NewStub(loopback.channel());
  grpc::ClientContext context;
  SetDeadline(context, std::chrono::seconds(20));
  planner::v1::PlanCapacityResponse response;
  const auto error = ClientError(stub->PlanCapacity(&context, {}, &response), "planner", loopback.address());
  EXPECT_THAT(error, Fails(ErrorCode::kFailedPrecondition, "TRANSPORT"));
  EXPECT_THAT(error.message, HasSubstr("is not planner"));
}

TEST(Channel, AnErrorOfTheServiceIsPassedOn) {
  const auto error = base::Unavailable("STARTING", "The store is starting.", std::chrono::seconds(1));
  EXPECT_EQ(ClientError(ToGrpcStatus(error), "benchmark-store", "x:1"), error);
}

TEST(Channel, ReconnectsWhenTheServerIsBack) {
  auto first = std::make_unique<Loopback>([](Call&) { return base::Status(); });
  const auto address = first->address();
  const auto channel = first->channel();
  ASSERT_TRUE(first->Call().ok());
  first.reset();
  const Loopback second([](Call&) { return base::Status(); }, {.listen = address});
  const auto soon = std::chrono::system_clock::now() + std::chrono::seconds(10);
  EXPECT_TRUE(channel->WaitForConnected(soon));
}

}  // namespace
}  // namespace loadline::rpc
