#include "services/planner/app/explain_plan.h"

#include <gmock/gmock.h>

#include "libs/testing/matchers.h"
#include "tests/unit/services/planner/app/plan_fixture.h"

namespace loadline::planner {
namespace {

using base::ErrorCode;
using loadline::testing::Fails;
using loadline::testing::IsOk;
using testing::PlanCapacityTest;
using testing::Valid;

using ExplainPlanTest = PlanCapacityTest;

TEST_F(ExplainPlanTest, HoldsThePlanThatItExplains) {
  const auto answer = ExplainPlan(*cache, Valid(), {});
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->explanation.ranking.options.size(), answer->plan.plan.options.size());
  EXPECT_EQ(answer->plan.plan.options.size(), Plan(Valid())->plan.options.size());
}

TEST_F(ExplainPlanTest, EndsWhenTheTimeOfTheCallHasRunOut) {
  ASSERT_THAT(Plan(Valid()), IsOk());  // the evidence is there
  const CallScope late{.deadline = std::chrono::steady_clock::now() - std::chrono::seconds(1)};
  EXPECT_THAT(ExplainPlan(*cache, Valid(), late), Fails(ErrorCode::kDeadlineExceeded, "DEADLINE_EXCEEDED"));
}

TEST_F(ExplainPlanTest, EndsWhenTheCallerIsGone) {
  ASSERT_THAT(Plan(Valid()), IsOk());
  int questions = 0;
  const CallScope gone{.cancelled = [&] { return ++questions > 2; }};
  EXPECT_THAT(ExplainPlan(*cache, Valid(), gone), Fails(ErrorCode::kCancelled, "CANCELLED"));
}

}  // namespace
}  // namespace loadline::planner
