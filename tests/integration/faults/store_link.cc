#include "tests/integration/faults/store_link.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <iostream>

#include "libs/testing/wait.h"

namespace loadline::testing {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds kDeadline(300);
constexpr milliseconds kTolerance(100);
constexpr milliseconds kNoticed(10'000);
constexpr milliseconds kRecovery(2000);

milliseconds Since(Clock::time_point moment) { return std::chrono::ceil<milliseconds>(Clock::now() - moment); }

// What is not loaded cannot be had, and the caller hears so in time.
void ExpectColdModelToFailInTime(PlannerProcess& planner) {
  const auto answer = planner.Plan(PlanRequest({"acme/cold"}), kDeadline);
  EXPECT_THAT(answer.status.error_code(),
              ::testing::AnyOf(grpc::StatusCode::UNAVAILABLE, grpc::StatusCode::DEADLINE_EXCEEDED));
  EXPECT_LE(answer.took, kDeadline + kTolerance);
}

void ExpectRecovery(const CallLoad& load, std::int64_t revision, PlannerProcess& planner) {
  const auto healed = Clock::now();
  EXPECT_TRUE(load.AwaitAll(
      [&](const auto& outcome) { return outcome.status.ok() && !outcome.stale && outcome.revision == revision; },
      kRecovery))
      << "not fresh two seconds after the network is back";
  std::cout << "fresh " << Since(healed).count() << " ms after the network was back";
  EXPECT_TRUE(WaitFor([&] { return planner.Plan(PlanRequest({"acme/cold"}), kDeadline).status.ok(); },
                      std::max(milliseconds(1), kRecovery - Since(healed))));
  std::cout << ", all models after " << Since(healed).count() << " ms\n";
}

}  // namespace

void ExpectPlannerToLiveWith(const NetworkFault& fault, StoreProcess& store, PlannerProcess& planner) {
  const CallLoad load(1, kDeadline, [&](std::size_t, grpc::ClientContext& context) {
    planner::v1::PlanCapacityResponse answer;
    const auto status = planner.stub().PlanCapacity(&context, PlanRequest({"acme/a"}), &answer);
    return CallLoad::Outcome{
        .status = status, .stale = answer.freshness().stale(), .revision = answer.freshness().revision()};
  });
  ASSERT_TRUE(load.AwaitAllGood(std::chrono::seconds(10)));
  fault.begin();
  const auto begun = Clock::now();
  for (int i = 0; i < 5; ++i) ExpectColdModelToFailInTime(planner);
  if (fault.total) {
    ASSERT_TRUE(load.AwaitAll([](const auto& outcome) { return outcome.stale; }, kNoticed));
    ExpectColdModelToFailInTime(planner);
  }
  ASSERT_TRUE(WaitFor([&] { return Clock::now() - begun >= fault.lasts; }, 2 * fault.lasts + kRecovery));
  const auto revision = store.Import(CurveOf("acme/a", 2));
  fault.end();
  ExpectRecovery(load, revision, planner);
  EXPECT_THAT(load.failures(), ::testing::IsEmpty()) << "of a model that was loaded";
  EXPECT_LE(load.WorstOverrun(), kTolerance);
}

}  // namespace loadline::testing
