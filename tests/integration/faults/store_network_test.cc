#include <gmock/gmock.h>

#include "libs/testing/tcp_proxy.h"
#include "libs/testing/wait.h"
#include "tests/integration/faults/store_link.h"

namespace loadline::testing {
namespace {

struct Case {
  const char* name;
  LinkState state;
  bool total = true;
};

class StoreNetworkTest : public ::testing::TestWithParam<Case> {
 protected:
  StoreNetworkTest() : store(data), proxy(store.port()) {
    store.Import(CurveOf("acme/a"));
    store.Import(CurveOf("acme/cold"));
    planner = std::make_unique<PlannerProcess>(proxy.address());
  }

  StoreData data;
  StoreProcess store;
  TcpProxy proxy;
  std::unique_ptr<PlannerProcess> planner;
};

TEST_P(StoreNetworkTest, ThatFailsDelaysNoCallAndIsForgottenTwoSecondsLater) {
  ASSERT_TRUE(planner->AwaitHealth(Health::kServing));
  ExpectPlannerToLiveWith({.begin = [&] { proxy.Set(GetParam().state); },
                           .end = [&] { proxy.Set(LinkState::Well()); },
                           .total = GetParam().total},
                          store, *planner);
  EXPECT_TRUE(WaitFor([&] { return proxy.connections() == 1; })) << proxy.connections() << " connections leaked";
}

INSTANTIATE_TEST_SUITE_P(Faults, StoreNetworkTest,
                         ::testing::Values(Case{"cut", LinkState::Cut()}, Case{"silent", LinkState::Silent()},
                                           Case{"half_open", LinkState::HalfOpen()},
                                           Case{"delayed_2s", LinkState::Delayed(std::chrono::seconds(2)), false},
                                           Case{"one_byte_per_second", LinkState::Slow(1)}),
                         [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace loadline::testing
