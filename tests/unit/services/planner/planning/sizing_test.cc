#include "services/planner/planning/sizing.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

namespace loadline::planning {
namespace {

// Values of Erlang's C formula from its definition in exact arithmetic.
TEST(LogErlangC, AgreesWithTables) {
  EXPECT_NEAR(std::exp(LogErlangC(1, 0.3)), 0.3, 1e-12);
  EXPECT_NEAR(std::exp(LogErlangC(2, 1)), 1.0 / 3, 1e-12);
  EXPECT_NEAR(std::exp(LogErlangC(3, 2)), 4.0 / 9, 1e-12);
  EXPECT_NEAR(std::exp(LogErlangC(5, 4)), 0.5541125541125541, 1e-12);
  EXPECT_NEAR(std::exp(LogErlangC(10, 8)), 0.4091801508216853, 1e-9);
}

TEST(LogErlangC, EveryRequestWaitsWhereThereAreTooFewServers) {
  EXPECT_EQ(LogErlangC(3, 3), 0);
  EXPECT_EQ(LogErlangC(3, 7), 0);
}

TEST(LogErlangC, ThousandsOfServersDoNotOverflow) {
  const double log_c = LogErlangC(100'000, 50'000);
  EXPECT_TRUE(std::isfinite(log_c));
  EXPECT_LT(log_c, -1000);
}

TEST(SizeReplicas, DividesTheRateByUsableCapacityByDefault) {
  // 10 / (4 / 1.2) is 3, exactly.
  const Sizing sizing = SizeReplicas({.rps = 10, .capacity_rps = 4, .headroom = 1.2});
  EXPECT_EQ(sizing.replicas, 3);
  EXPECT_DOUBLE_EQ(sizing.rps_per_replica, 10.0 / 3);
  EXPECT_EQ(sizing.wait_probability, 0);
}

TEST(SizeReplicas, UnevenRoutingLoadsTheBusiestReplica) {
  const Sizing sizing =
      SizeReplicas({.rps = 10, .capacity_rps = 4, .headroom = 1.2, .arrivals = {.routing_imbalance = 1.1}});
  EXPECT_EQ(sizing.replicas, 4);
  EXPECT_DOUBLE_EQ(sizing.rps_per_replica, 11.0 / 4);
}

TEST(SizeReplicas, SparesCarryNothingInTheReckoning) {
  const Sizing sizing =
      SizeReplicas({.rps = 10, .capacity_rps = 4, .headroom = 1.2, .arrivals = {.spare_replicas = 2}});
  EXPECT_EQ(sizing.replicas, 5);
  EXPECT_DOUBLE_EQ(sizing.rps_per_replica, 10.0 / 3);
}

TEST(SizeReplicas, BurstsNeedMore) {
  SizingInput input{.rps = 10, .capacity_rps = 4, .headroom = 1.2, .wait_budget_ms = 200, .confidence = 0.95};
  input.arrivals.inter_arrival_cv = 4;
  const Sizing sizing = SizeReplicas(input);
  // By hand: exp(ln C(k, 2.5) - 2 (4 k - 10) 0.2 / 17) <= 0.05 first at k = 7:
  // C(6, 2.5) = 0.0474 is enough already.
  EXPECT_EQ(sizing.replicas, 6);
  EXPECT_LE(sizing.wait_probability, 0.05);
}

RC_GTEST_PROP(SizeReplicasProperty, NeverFallsAsAnythingGetsWorse, ()) {
  const auto number = [](int low, int high) { return *rc::gen::inRange(low, high) / 10.0; };
  SizingInput input{.rps = number(1, 10'000), .capacity_rps = number(5, 500), .headroom = number(10, 30)};
  input.wait_budget_ms = number(10, 10'000);
  input.arrivals = {.inter_arrival_cv = number(0, 100), .routing_imbalance = number(10, 20)};
  const double replicas = SizeReplicas(input).replicas;
  const auto worse = [&](auto change) {
    SizingInput changed = input;
    change(changed);
    RC_ASSERT(SizeReplicas(changed).replicas >= replicas);
  };
  worse([](SizingInput& each) { each.rps *= 1.3; });
  worse([](SizingInput& each) { each.headroom *= 1.2; });
  worse([](SizingInput& each) { each.arrivals.inter_arrival_cv += 1; });
  worse([](SizingInput& each) { each.arrivals.routing_imbalance *= 1.1; });
  worse([](SizingInput& each) { each.arrivals.spare_replicas += 1; });
}

}  // namespace
}  // namespace loadline::planning
