// Networks that swallow packets: what a proxy cannot do, since the kernel
// answers for it. Runs in a network of its own, where the kernel allows that.

#include <gmock/gmock.h>

#include "libs/testing/tcp_proxy.h"
#include "tests/integration/faults/database_link.h"
#include "tests/integration/faults/network_namespace.h"
#include "tests/integration/faults/store_link.h"

namespace loadline::testing {
namespace {

/// What is wrong with having a network of our own; empty where we have one.
/// Taken before the first test, when this process has but one thread.
std::string& Obstacle() {
  static std::string obstacle = "not tried yet";
  return obstacle;
}

class OwnNetwork final : public ::testing::Environment {
  void SetUp() override { Obstacle() = EnterNetworkOfItsOwn(); }
};

const auto* const kOwnNetwork = ::testing::AddGlobalTestEnvironment(new OwnNetwork);

class PacketLossTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!Obstacle().empty()) GTEST_SKIP() << "no network of its own here: " << Obstacle();
  }

  // The proxy only makes a port that nobody else uses. Long enough for TCP to
  // send again seconds later only.
  static NetworkFault LossOf(const TcpProxy& proxy) {
    return {.begin = [&proxy] { DropPackets(proxy.port()); },
            .end = [&proxy] { PassPackets(proxy.port()); },
            .lasts = std::chrono::seconds(8)};
  }

  StoreData data;
};

TEST_F(PacketLossTest, BetweenPlannerAndStoreDelaysNoCallAndIsForgottenTwoSecondsLater) {
  StoreProcess store(data);
  store.Import(CurveOf("acme/a"));
  store.Import(CurveOf("acme/cold"));
  const TcpProxy proxy(store.port());
  PlannerProcess planner(proxy.address());
  ASSERT_TRUE(planner.AwaitHealth(Health::kServing));
  ExpectPlannerToLiveWith(LossOf(proxy), store, planner);
}

TEST_F(PacketLossTest, BetweenStoreAndPostgresDelaysNoCallAndIsForgottenTwoSecondsLater) {
  const auto& server = SharedPostgres();
  const TestDatabase database(server);
  const TcpProxy proxy(server.port());
  StoreProcess store(OverPort(data, database, proxy.port()));
  store.Import(CurveOf("acme/a"));
  ExpectStoreToLiveWith(LossOf(proxy), store.address(), server, database);
}

}  // namespace
}  // namespace loadline::testing
