#include "services/planner/app/plan_capacity.h"

#include <gmock/gmock.h>

#include <limits>

#include "libs/testing/matchers.h"
#include "tests/unit/services/planner/cache_fixture.h"

namespace loadline::planner {
namespace {

using base::ErrorCode;
using loadline::testing::Fails;
using loadline::testing::HasViolation;
using loadline::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

PlanQuery Valid() { return {.shape = AskedShape{512, 256}, .rps = 10, .slo = "ttft:p95<500ms;itl:p95<40ms"}; }

class PlanCapacityTest : public testing::CacheTest {
 protected:
  void SetUp() override {
    store.Import(testing::BenchmarksOf("acme/tiny-8b", 4));
    store.Import(testing::BenchmarksOf("acme/other-8b", 4, 1, "L4"));
    store.ChangeCatalog([](StoreCatalog& catalog) {
      catalog.use_cases.push_back({.id = "chatbot",
                                   .display_name = "Chatbot",
                                   .description = "Talks.",
                                   .shape = {.input_tokens = 100, .output_tokens = 50},
                                   .slo = testing::curves::SloOf("ttft:p95<1s"),
                                   .weights = {}});
      catalog.hardware.front().aliases = {"GPU-B200"};
    });
    StartAndCatchUp();
  }
  base::Result<PlanAnswer> Plan(const PlanQuery& query) { return PlanCapacity(*cache, query, {}); }
};

TEST_F(PlanCapacityTest, PlansAndSaysHowItUnderstoodTheRequest) {
  const auto answer = Plan(Valid());
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->plan.candidates, 2);
  EXPECT_EQ(answer->freshness, (Freshness{.revision = store.revision()}));
  EXPECT_EQ(answer->request.headroom, 1.2);
  EXPECT_EQ(answer->request.top_n, 5);
  EXPECT_EQ(answer->request.policy, planning::MatchPolicy::kClosestRescaled);
  EXPECT_EQ(answer->request.price.purchase_option, "on_demand");
  EXPECT_EQ(answer->request.rejection_count, 0);
}

struct Mistake {
  std::string name;
  std::function<void(PlanQuery&)> make;
  std::vector<std::string> fields;
  friend void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.name; }
};

class PlanMistakeTest : public PlanCapacityTest, public ::testing::WithParamInterface<Mistake> {};

TEST_P(PlanMistakeTest, IsNamed) {
  auto query = Valid();
  GetParam().make(query);
  const auto answer = Plan(query);
  ASSERT_THAT(answer, Fails(ErrorCode::kInvalidArgument, "INVALID_REQUEST"));
  std::vector<std::string> fields;
  for (const auto& violation : answer.error().violations) fields.push_back(violation.field);
  EXPECT_THAT(fields, ::testing::UnorderedElementsAreArray(GetParam().fields));
}

INSTANTIATE_TEST_SUITE_P(
    Fields, PlanMistakeTest,
    ::testing::Values(Mistake{"NoShape", [](auto& q) { q.shape.reset(); }, {"shape"}},
                      Mistake{"ZeroTokens",
                              [](auto& q) {
                                q.shape = AskedShape{0, 256};
                              },
                              {"shape.input_tokens"}},
                      Mistake{"NegativeAndNanTokens",
                              [](auto& q) {
                                q.shape = AskedShape{-1, kNan};
                              },
                              {"shape.input_tokens", "shape.output_tokens"}},
                      Mistake{"AbsurdTokens",
                              [](auto& q) {
                                q.shape = AskedShape{512, 1e8};
                              },
                              {"shape.output_tokens"}},
                      Mistake{"ZeroRate", [](auto& q) { q.rps = 0; }, {"requests_per_second"}},
                      Mistake{"NanRate", [](auto& q) { q.rps = kNan; }, {"requests_per_second"}},
                      Mistake{"AbsurdRate", [](auto& q) { q.rps = 10'000'001; }, {"requests_per_second"}},
                      Mistake{"NoSlo", [](auto& q) { q.slo.clear(); }, {"slo"}},
                      Mistake{"UnknownMetric", [](auto& q) { q.slo = "tpot:p95<1ms"; }, {"slo"}},
                      Mistake{"UnknownPercentile", [](auto& q) { q.slo = "ttft:p96<1ms"; }, {"slo"}},
                      Mistake{"UnknownUnit", [](auto& q) { q.slo = "ttft:p95<1h"; }, {"slo"}},
                      Mistake{"LowHeadroom", [](auto& q) { q.headroom = 0.99; }, {"headroom"}},
                      Mistake{"HighHeadroom", [](auto& q) { q.headroom = 10.01; }, {"headroom"}},
                      Mistake{"NanHeadroom", [](auto& q) { q.headroom = kNan; }, {"headroom"}},
                      Mistake{"NegativeTop", [](auto& q) { q.top_n = -1; }, {"top_n"}},
                      Mistake{"NegativePage", [](auto& q) { q.rejection_page_size = -1; }, {"rejection_page_size"}},
                      Mistake{"NegativeGpus",
                              [](auto& q) {
                                q.max_gpus = {{"H100", -1}};
                              },
                              {"max_gpus[\"H100\"]"}},
                      Mistake{"UnknownGpus",
                              [](auto& q) {
                                q.max_gpus = {{"H1000", 1}};
                              },
                              {"max_gpus[\"H1000\"]"}},
                      Mistake{"TheSameGpusTwice",
                              [](auto& q) {
                                q.max_gpus = {{"H100", 1}, {"h100", 2}};
                              },
                              {"max_gpus[\"h100\"]"}},
                      Mistake{"EmptyNames",
                              [](auto& q) {
                                q.models = {"acme/tiny-8b", " "};
                                q.hardware = {""};
                                q.frameworks = {""};
                                q.precisions = {""};
                              },
                              {"candidates.model_hf_repos[1]", "candidates.hardware[0]", "candidates.frameworks[0]",
                               "candidates.precisions[0]"}},
                      Mistake{"AnOldPage",
                              [](auto& q) { q.rejection_page = RejectionPage{.revision = 1, .after = 2}; },
                              {"rejection_page_token"}},
                      Mistake{"WhatDidNotDecode",
                              [](auto& q) {
                                q.violations = {{"match_policy", "is no known policy"}};
                              },
                              {"match_policy"}},
                      Mistake{"ManyAtOnce",
                              [](auto& q) {
                                q = {.rps = -1, .max_gpus = {{"nope", -3}}, .headroom = 0, .top_n = -1};
                              },
                              {"shape", "slo", "requests_per_second", "headroom", "top_n", "max_gpus[\"nope\"]",
                               "max_gpus[\"nope\"]"}}),
    [](const auto& parameter) { return parameter.param.name; });

TEST_F(PlanCapacityTest, AWrongRequestReadsNothing) {
  auto query = Valid();
  query.rps = 0;
  EXPECT_THAT(Plan(query), HasViolation("requests_per_second"));
  EXPECT_EQ(store.model_reads("acme/tiny-8b"), 0);
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
  query.hardware = {"h100", "gpu-b200"};
  query.frameworks = {"VLLM"};
  query.precisions = {" BF16"};
  query.max_gpus = {{"nvidia-h100", 3}};
  const auto answer = Plan(query);
  ASSERT_THAT(answer, IsOk());
  EXPECT_THAT(answer->request.candidates.hardware, ElementsAre("H100", "B200"));
  EXPECT_THAT(answer->request.candidates.frameworks, ElementsAre("vllm"));
  EXPECT_THAT(answer->request.candidates.precisions, ElementsAre("bf16"));
  EXPECT_THAT(answer->request.max_gpus, ElementsAre(Pair("H100", 3)));
  EXPECT_EQ(answer->plan.candidates, 1);
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
