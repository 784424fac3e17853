#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/planner/api/enums.h"
#include "services/planner/api/plan_messages.h"
#include "tests/unit/services/planner/planning/curves.h"

namespace loadline::planner {
namespace {

namespace curves = planning::testing;
using planning::Constraint;
using planning::ConstraintKind;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

ExplainAnswer Answer() {
  ExplainAnswer answer{.plan = {.request = curves::Request(), .plan = {}, .freshness = {.revision = 12}},
                       .explanation = {}};
  answer.plan.plan.options.resize(1);
  answer.plan.plan.options[0].configuration = curves::kSmall;
  auto& why = answer.explanation;
  const Constraint limit{.kind = ConstraintKind::kSloLimit, .text = "itl:p95<40ms"};
  const Constraint relaxed{.kind = ConstraintKind::kSloLimit, .text = "itl:p95<44ms"};
  why.binding = limit;
  why.shadow_prices = {{.constraint = limit, .relaxed = relaxed, .usd_per_month = 900, .saved_usd_per_month = 100}};
  why.conflict = {limit, {.kind = ConstraintKind::kBudget, .text = "budget_usd_per_month=1"}};
  why.alternatives = {{.relaxed = {relaxed}, .configuration = curves::On("L4"), .replicas = 3, .usd_per_month = 800}};
  why.next_benchmarks = {{.configuration = curves::kSmall,
                          .shape = curves::kShape,
                          .rps = 2.5,
                          .expected_saving_usd_per_month = 70,
                          .reason = "it is the cheapest"}};
  why.ranking = {.options = {{.score = 0.75,
                              .scores = {.cost = 0.5, .latency = 0.25, .quality = {}, .risk = 0.125},
                              .dominated_by = {0},
                              .probability_first = 0.625}},
                 .draws = 1000,
                 .seed = 9};
  return answer;
}

pb::ExplainPlanResponse Encoded(const ExplainAnswer& answer) {
  pb::ExplainPlanResponse response;
  ToProto(answer, {}, &response);
  return response;
}

TEST(EncodeExplanationTest, CarriesThePlanAndWhatLimitsIt) {
  const auto response = Encoded(Answer());
  EXPECT_EQ(response.plan().options_size(), 1);
  EXPECT_EQ(response.binding().kind(), pb::CONSTRAINT_KIND_SLO_LIMIT);
  EXPECT_EQ(response.binding().text(), "itl:p95<40ms");
  ASSERT_EQ(response.shadow_prices_size(), 1);
  EXPECT_EQ(response.shadow_prices(0).constraint().text(), "itl:p95<40ms");
  EXPECT_EQ(response.shadow_prices(0).relaxed().text(), "itl:p95<44ms");
  EXPECT_EQ(response.shadow_prices(0).usd_per_month(), 900);
  EXPECT_EQ(response.shadow_prices(0).saved_usd_per_month(), 100);
}

TEST(EncodeExplanationTest, CarriesConflictsAndAlternatives) {
  const auto response = Encoded(Answer());
  ASSERT_EQ(response.conflict_size(), 2);
  EXPECT_EQ(response.conflict(1).kind(), pb::CONSTRAINT_KIND_BUDGET);
  ASSERT_EQ(response.alternatives_size(), 1);
  EXPECT_EQ(response.alternatives(0).relaxed(0).text(), "itl:p95<44ms");
  EXPECT_EQ(response.alternatives(0).configuration().hardware(), "L4");
  EXPECT_EQ(response.alternatives(0).replicas(), 3);
  EXPECT_EQ(response.alternatives(0).usd_per_month(), 800);
}

TEST(EncodeExplanationTest, CarriesTheRankingAndWhatToMeasure) {
  const auto response = Encoded(Answer());
  ASSERT_EQ(response.next_benchmarks_size(), 1);
  EXPECT_EQ(response.next_benchmarks(0).configuration().hardware(), "H100");
  EXPECT_EQ(response.next_benchmarks(0).shape().input_tokens(), 512);
  EXPECT_EQ(response.next_benchmarks(0).requests_per_second(), 2.5);
  EXPECT_EQ(response.next_benchmarks(0).expected_saving_usd_per_month(), 70);
  EXPECT_EQ(response.next_benchmarks(0).reason(), "it is the cheapest");
  EXPECT_EQ(response.ranking().draw_count(), 1000);
  EXPECT_EQ(response.ranking().seed(), 9U);
  ASSERT_EQ(response.ranking().options_size(), 1);
  const auto& option = response.ranking().options(0);
  EXPECT_EQ(option.configuration().hardware(), "H100");
  EXPECT_EQ(option.score(), 0.75);
  EXPECT_EQ(option.cost_score(), 0.5);
  EXPECT_EQ(option.latency_score(), 0.25);
  EXPECT_FALSE(option.has_quality_score()) << "it is not known";
  EXPECT_EQ(option.risk_score(), 0.125);
  EXPECT_THAT(option.dominated_by(), ElementsAre(0));
  EXPECT_EQ(option.probability_first(), 0.625);
}

TEST(EncodeExplanationTest, WhatThereIsNotIsAbsent) {
  auto answer = Answer();
  answer.explanation = {};
  const auto response = Encoded(answer);
  EXPECT_FALSE(response.has_binding());
  EXPECT_THAT(response.conflict(), IsEmpty());
}

TEST(EncodeExplanationTest, KnowsEveryKind) {
  EXPECT_EQ(ToProto(ConstraintKind::kGpuInventory), pb::CONSTRAINT_KIND_GPU_INVENTORY);
  EXPECT_EQ(ToProto(ConstraintKind::kMemory), pb::CONSTRAINT_KIND_MEMORY);
}

}  // namespace
}  // namespace loadline::planner
