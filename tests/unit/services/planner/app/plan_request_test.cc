#include "services/planner/app/plan_request.h"

#include <gmock/gmock.h>

#include <functional>
#include <limits>

#include "libs/testing/matchers.h"
#include "tests/unit/services/planner/app/plan_fixture.h"

namespace loadline::planner {
namespace {

using base::ErrorCode;
using loadline::testing::Fails;
using loadline::testing::HasViolation;
using loadline::testing::IsOk;
using testing::Many;
using testing::PlanCapacityTest;
using testing::Valid;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Lengths instead of the shape.
void Lengths(PlanQuery& query, std::vector<planning::LengthBin> bins) {
  query.shape.reset();
  query.length_bins = std::move(bins);
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
    ::testing::Values(
        Mistake{"NoShape", [](auto& q) { q.shape.reset(); }, {"shape"}},
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
        Mistake{"TinyRate", [](auto& q) { q.rps = 1e-300; }, {"requests_per_second"}},
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
        Mistake{"TooManyEntries",
                [](auto& q) {
                  for (int i = 0; i <= 1000; ++i) q.max_gpus["unknown " + std::to_string(i)] = 1;
                  q.models = q.hardware = q.frameworks = q.precisions = Many(1001);
                },
                {"max_gpus", "candidates.model_hf_repos", "candidates.hardware", "candidates.frameworks",
                 "candidates.precisions"}},
        Mistake{"AnOldPage",
                [](auto& q) { q.rejection_page = RejectionPage{.revision = 1, .after = 2}; },
                {"rejection_page_token"}},
        Mistake{"APageOfOtherData",
                [](auto& q) { q.rejection_page = RejectionPage{.revision = 4, .snapshot_id = "data-0@4", .after = 2}; },
                {"rejection_page_token"}},
        Mistake{"ConfidenceOfOne", [](auto& q) { q.confidence = 1; }, {"confidence"}},
        Mistake{"ConfidenceOfZero", [](auto& q) { q.confidence = 0; }, {"confidence"}},
        Mistake{"NanConfidence", [](auto& q) { q.confidence = kNan; }, {"confidence"}},
        Mistake{"ShapeAndLengths",
                [](auto& q) {
                  q.length_bins = {{100, 10, 1}};
                },
                {"length_histogram"}},
        Mistake{"NoBins", [](auto& q) { Lengths(q, {}); }, {"length_histogram.bins"}},
        Mistake{"TooManyBins",
                [](auto& q) { Lengths(q, std::vector(10'001, planning::LengthBin{1, 1, 1.0 / 10'001})); },
                {"length_histogram.bins"}},
        Mistake{"WeightsThatDoNotAddUp",
                [](auto& q) { Lengths(q, {{100, 10, 0.5}, {200, 20, 0.49999}}); },
                {"length_histogram.bins"}},
        Mistake{"BadBins",
                [](auto& q) { Lengths(q, {{0, 10, 0.5}, {100, kInfinity, 0.5}, {100, 10, kNan}, {1, 1, -1}}); },
                {"length_histogram.bins[0].input_tokens", "length_histogram.bins[1].output_tokens",
                 "length_histogram.bins[2].weight", "length_histogram.bins[3].weight"}},
        Mistake{
            "BadArrivals",
            [](auto& q) { q.arrivals = {.inter_arrival_cv = kNan, .routing_imbalance = 0.9, .spare_replicas = -1}; },
            {"arrivals.inter_arrival_cv", "arrivals.routing_imbalance", "arrivals.spare_replicas"}},
        Mistake{
            "AbsurdArrivals",
            [](auto& q) { q.arrivals = {.inter_arrival_cv = 101, .routing_imbalance = 4.1, .spare_replicas = 1001}; },
            {"arrivals.inter_arrival_cv", "arrivals.routing_imbalance", "arrivals.spare_replicas"}},
        Mistake{"BadWeights",
                [](auto& q) { q.weights = {.cost = -1, .latency = kNan, .quality = kInfinity, .risk = 2'000'000}; },
                {"weights.cost", "weights.latency", "weights.quality", "weights.risk"}},
        Mistake{"NoWeight", [](auto& q) { q.weights = {.cost = 0}; }, {"weights"}},
        Mistake{"NoBudget", [](auto& q) { q.budget_usd_per_month = 0; }, {"budget_usd_per_month"}},
        Mistake{"NanBudget", [](auto& q) { q.budget_usd_per_month = kNan; }, {"budget_usd_per_month"}},
        Mistake{"InfiniteBudget", [](auto& q) { q.budget_usd_per_month = kInfinity; }, {"budget_usd_per_month"}},
        Mistake{"WhatDidNotDecode",
                [](auto& q) { q.violations = {{"match_policy", "is no known policy"}}; },
                {"match_policy"}},
        Mistake{
            "ManyAtOnce",
            [](auto& q) { q = {.rps = -1, .max_gpus = {{"nope", -3}}, .headroom = 0, .top_n = -1}; },
            {"shape", "slo", "requests_per_second", "headroom", "top_n", "max_gpus[\"nope\"]", "max_gpus[\"nope\"]"}}),
    [](const auto& parameter) { return parameter.param.name; });

TEST_F(PlanCapacityTest, LengthsGiveTheShape) {
  auto query = Valid();
  Lengths(query, {{100, 10, 0.75}, {500, 50, 0.25}});
  const auto answer = Plan(query);
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->request.shape, (domain::TrafficShape{.input_tokens = 200, .output_tokens = 20}));
  EXPECT_EQ(answer->request.lengths->bins().size(), 2U);
}

TEST_F(PlanCapacityTest, DefaultsOfWhatIsNotAsked) {
  const auto answer = Plan(Valid());
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->request.confidence, 0.88);
  EXPECT_EQ(answer->request.arrivals, planning::Arrivals());
  EXPECT_EQ(answer->request.weights, planning::RankingWeights());
  EXPECT_EQ(answer->request.budget_usd_per_month, kInfinity);
}

TEST_F(PlanCapacityTest, AskedWeightsCountInProportion) {
  auto query = Valid();
  query.weights = {.cost = 6, .latency = 2, .quality = 0, .risk = 2};
  const auto answer = Plan(query);
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->request.weights,
            (planning::RankingWeights{.cost = 0.6, .latency = 0.2, .quality = 0, .risk = 0.2}));
}

TEST_F(PlanCapacityTest, TheWeightsOfAUseCaseCountOnlyWhereItIsNamed) {
  store.ChangeCatalog([](StoreCatalog& catalog) {
    catalog.use_cases.front().weights = {.cost = 0.5, .latency = 0.25, .quality = 0.25};
  });
  CatchUp();
  auto query = Valid();
  EXPECT_EQ(Plan(query)->request.weights, planning::RankingWeights());
  query.use_case = "chatbot";
  EXPECT_EQ(Plan(query)->request.weights,
            (planning::RankingWeights{.cost = 0.5, .latency = 0.25, .quality = 0.25, .risk = 0}));
  query.weights = planning::RankingWeights{.cost = 0, .latency = 1};
  EXPECT_EQ(Plan(query)->request.weights, (planning::RankingWeights{.cost = 0, .latency = 1}));
}

TEST_F(PlanCapacityTest, WhatAUseCaseCallsExcellentIsTheBestThatLatenciesAreCreditedWith) {
  store.ChangeCatalog([](StoreCatalog& catalog) {
    catalog.use_cases.front().excellent = domain::Slo::Parse("ttft:p95<100ms").value();
  });
  CatchUp();
  auto query = Valid();
  query.slo = "ttft:p95<500ms";
  query.weights = planning::RankingWeights{.cost = 0, .latency = 1};
  // TTFT p95 is 100 ms + 10 ms for each request/s: far below half of the limit.
  EXPECT_DOUBLE_EQ(Plan(query)->plan.options.front().score, 1);
  query.use_case = "chatbot";
  const auto option = Plan(query)->plan.options.front();
  EXPECT_NEAR(option.score, (500 - option.margins.front().latency_ms) / 400, 1e-12);
  EXPECT_LT(option.score, 1);
}

TEST_F(PlanCapacityTest, APercentileThatNobodyMeasuredIsAMistakeInTheSlo) {
  auto rows = testing::BenchmarksOf("acme/bare-8b", 4);
  for (auto& row : rows) row.measurement.ttft[domain::Statistic::kP99] = {};
  store.Import(rows);
  CatchUp();
  auto query = Valid();
  query.models = {"acme/bare-8b"};
  query.slo = "ttft:p99<500ms;itl:p95<40ms";
  const auto answer = Plan(query);
  ASSERT_THAT(answer, HasViolation("slo"));
  EXPECT_THAT(answer.error().violations.front().description, ::testing::HasSubstr("ttft:p99"));
  // Where some have it, the others are rejected, each with its reason.
  query.models = {"acme/bare-8b", "acme/tiny-8b"};
  const auto some = Plan(query);
  ASSERT_THAT(some, IsOk());
  EXPECT_EQ(some->plan.rejection_counts.front().reason, planning::RejectionReason::kNotMeasured);
}

TEST_F(PlanCapacityTest, AWrongRequestReadsNothing) {
  auto query = Valid();
  query.rps = 0;
  EXPECT_THAT(Plan(query), HasViolation("requests_per_second"));
  EXPECT_EQ(store.model_reads("acme/tiny-8b"), 0);
}

TEST_F(PlanCapacityTest, AListThatIsTooLongReadsNothing) {
  auto query = Valid();
  query.models = Many(1001);
  query.max_gpus = {{"H1000", 1}};
  EXPECT_THAT(Plan(query), HasViolation("candidates.model_hf_repos"));
  EXPECT_EQ(store.model_reads("acme/tiny-8b"), 0);
}

}  // namespace
}  // namespace loadline::planner
