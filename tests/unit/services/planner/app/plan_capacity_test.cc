#include "services/planner/app/plan_capacity.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "libs/testing/matchers.h"
#include "tests/unit/services/planner/app/plan_fixture.h"

namespace loadline::planner {
namespace {

using base::ErrorCode;
using loadline::testing::Fails;
using loadline::testing::HasViolation;
using loadline::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Many;
using ::testing::Pair;
using testing::PlanCapacityTest;
using ::testing::UnorderedElementsAre;
using testing::Valid;

TEST_F(PlanCapacityTest, PlansAndSaysHowItUnderstoodTheRequest) {
  const auto answer = Plan(Valid());
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->plan.candidates, 2);
  EXPECT_EQ(answer->freshness, (Freshness{.revision = store.revision()}));
  EXPECT_EQ(answer->request.headroom, 1.2);
  EXPECT_EQ(answer->request.top_n, 5);
  EXPECT_EQ(answer->request.policy, planning::MatchPolicy::kAuto);
  EXPECT_EQ(answer->request.price.purchase_option, "on_demand");
  EXPECT_EQ(answer->request.rejection_count, 0);
}

TEST_F(PlanCapacityTest, CostsAreFiniteForTheLeastTraffic) {
  auto query = Valid();
  query.shape = AskedShape{domain::TrafficShape::kMinTokens, domain::TrafficShape::kMinTokens};
  query.rps = 1e-6;
  const auto answer = Plan(query);
  ASSERT_THAT(answer, IsOk());
  const auto& cost = answer->plan.options.at(0).cost;
  EXPECT_TRUE(std::isfinite(cost.usd_per_million_tokens)) << cost.usd_per_million_tokens;
  EXPECT_TRUE(std::isfinite(cost.usd_per_million_output_tokens)) << cost.usd_per_million_output_tokens;
  EXPECT_TRUE(std::isfinite(answer->plan.options[0].evidence.distance));
}

TEST_F(PlanCapacityTest, TheEdgesOfRangesAreFine) {
  auto query = Valid();
  query.rps = 10'000'000;
  for (const double headroom : {1.0, 10.0}) {
    query.headroom = headroom;
    EXPECT_THAT(Plan(query), IsOk());
  }
  query.top_n = 101;
  query.rejection_page_size = 1001;
  query.max_gpus = {{"H100", 0}};
  query.frameworks = Many(1000);
  const auto answer = Plan(query);
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->request.top_n, 100);
  EXPECT_EQ(answer->request.rejection_count, 1000);
}

TEST_F(PlanCapacityTest, AUseCaseSuppliesWhatIsNotSet) {
  const auto both = Plan({.rps = 1, .use_case = "chatbot"});
  ASSERT_THAT(both, IsOk());
  EXPECT_EQ(both->request.shape, (domain::TrafficShape{100, 50}));
  EXPECT_EQ(both->request.slo.ToString(), "ttft:p95<1000ms");
  const auto spelled = Plan({.rps = 1, .use_case = " ChatBot "});
  ASSERT_THAT(spelled, IsOk());
  EXPECT_EQ(spelled->request.shape, both->request.shape);
  const auto own_slo = Plan({.rps = 1, .slo = "e2e:p50<9s", .use_case = "chatbot"});
  EXPECT_EQ(own_slo->request.slo.ToString(), "e2e:p50<9000ms");
  EXPECT_EQ(own_slo->request.shape, (domain::TrafficShape{100, 50}));
  const auto own_shape = Plan({.shape = AskedShape{1, 2}, .rps = 1, .use_case = "chatbot"});
  EXPECT_EQ(own_shape->request.shape, (domain::TrafficShape{1, 2}));
}

TEST_F(PlanCapacityTest, AnUnknownUseCaseIsNotFound) {
  for (auto query : {PlanQuery{.rps = 1, .use_case = "chatbto"}, Valid()}) {
    query.use_case = "chatbto";
    const auto answer = Plan(query);
    ASSERT_THAT(answer, Fails(ErrorCode::kNotFound, "UNKNOWN_USE_CASE"));
    EXPECT_THAT(answer.error().message, HasSubstr("`chatbot`"));
  }
}

TEST_F(PlanCapacityTest, AnUnknownModelIsNotFound) {
  auto query = Valid();
  query.models = {"acme/tiny-8b", "acme/tini-8b"};
  const auto answer = Plan(query);
  ASSERT_THAT(answer, Fails(ErrorCode::kNotFound, "UNKNOWN_MODEL"));
  EXPECT_THAT(answer.error().message, HasSubstr("Did you mean `acme/tiny-8b`"));
  EXPECT_EQ(answer.error().resource->name, "acme/tini-8b");
}

TEST_F(PlanCapacityTest, UnknownHardwareIsNotFound) {
  auto query = Valid();
  query.hardware = {"H10"};
  const auto answer = Plan(query);
  ASSERT_THAT(answer, Fails(ErrorCode::kNotFound, "UNKNOWN_HARDWARE"));
  EXPECT_THAT(answer.error().message, HasSubstr("`H100`"));
}

TEST_F(PlanCapacityTest, ViolationsComeBeforeUnknownNames) {
  auto query = Valid();
  query.models = {"no/such"};
  query.rps = -1;
  EXPECT_THAT(Plan(query), HasViolation("requests_per_second"));
}

TEST_F(PlanCapacityTest, UnknownGpusAreSuggested) {
  auto query = Valid();
  query.max_gpus = {{"H10", 1}};
  EXPECT_THAT(Plan(query).error().message, HasSubstr("Did you mean `H100`"));
}

TEST_F(PlanCapacityTest, NamesAreMadeCanonical) {
  auto query = Valid();
  query.models = {" ACME/Tiny-8B ", "acme/tiny-8b"};
  query.hardware = {"h100", "gpu-b200", "H100"};
  query.frameworks = {"VLLM", "vllm", "sglang"};
  query.precisions = {" BF16"};
  query.max_gpus = {{"nvidia-h100", 3}};
  query.provider = " Acme";
  query.purchase_option = "On_Demand ";
  const auto answer = Plan(query);
  ASSERT_THAT(answer, IsOk());
  EXPECT_THAT(answer->request.candidates.hardware, ElementsAre("B200", "H100"));
  EXPECT_THAT(answer->request.candidates.frameworks, ElementsAre("sglang", "vllm"));
  EXPECT_THAT(answer->request.candidates.precisions, ElementsAre("bf16"));
  EXPECT_THAT(answer->request.max_gpus, ElementsAre(Pair("H100", 3)));
  EXPECT_EQ(answer->request.price.provider, "acme");
  EXPECT_EQ(answer->request.price.purchase_option, "on_demand");
  EXPECT_EQ(answer->plan.candidates, 1);
  ASSERT_EQ(answer->plan.feasible, 1);
  EXPECT_EQ(answer->plan.options[0].cost.price.provider, "acme");
  EXPECT_EQ(store.model_reads("acme/other-8b"), 0);
}

TEST_F(PlanCapacityTest, HardwareThatIsOnlyMeasuredIsKnown) {
  store.Import(testing::BenchmarksOf("acme/tiny-8b", 3, 1, "Homebrew"));
  CatchUp();
  auto query = Valid();
  query.hardware = {"homebrew"};
  query.max_gpus = {{"HOMEBREW", 4}};
  const auto answer = Plan(query);
  ASSERT_THAT(answer, IsOk());
  EXPECT_THAT(answer->request.candidates.hardware, ElementsAre("Homebrew"));
  EXPECT_THAT(answer->request.max_gpus, ElementsAre(Pair("Homebrew", 4)));
  EXPECT_EQ(answer->plan.candidates, 1);
}

TEST_F(PlanCapacityTest, AModelWithoutBenchmarksHasNoCandidates) {
  store.ChangeCatalog([](StoreCatalog& catalog) { catalog.models.push_back({.name = "acme/known"}); });
  CatchUp();
  auto query = Valid();
  query.models = {"acme/known"};
  const auto answer = Plan(query);
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->plan.candidates, 0);
  EXPECT_TRUE(answer->plan.options.empty());
}

TEST_F(PlanCapacityTest, WithoutTheStoreAWrongRequestIsStillTold) {
  store.GoAway();
  ASSERT_TRUE(testing::WaitFor([this] { return Fresh().stale; }));
  auto query = Valid();
  EXPECT_THAT(Plan(query), Fails(ErrorCode::kUnavailable, "STORE_UNREACHABLE"));
  query.rps = -1;
  EXPECT_THAT(Plan(query), HasViolation("requests_per_second"));
}

}  // namespace
}  // namespace loadline::planner
