#include "services/planner/planning/explanation.h"

#include <gmock/gmock.h>

#include "tests/unit/services/planner/planning/fitted_world.h"

namespace loadline::planning {
namespace {

using testing::Benchmarks;
using testing::Catalog;
using testing::EvidenceOf;
using testing::kShape;
using testing::kSmall;
using testing::Request;

// Straight lines: itl p95 is 10 ms x rps, ttft p95 100 ms x rps, up to 8.
const auto kLine = EvidenceOf(Benchmarks(
    kSmall, kShape, {{.rps = 1, .ttft_p95 = 100, .itl_p95 = 10}, {.rps = 8, .ttft_p95 = 800, .itl_p95 = 80}}));

Explanation ExplainRequest(const PlanRequest& request) {
  return Explain(kLine, Catalog(), request, PlanCapacity(kLine, Catalog(), request)).value();
}

TEST(Explain, NearestPromisesHaveFourDigits) {
  const auto explanation = ExplainRequest(Request("itl:p95<7.77ms"));
  ASSERT_EQ(explanation.alternatives.size(), 1u);
  const std::string text = explanation.alternatives.front().relaxed.front().text;
  ASSERT_TRUE(text.starts_with("itl:p95<"));
  const double relaxed = std::stod(text.substr(8));
  EXPECT_GE(relaxed, 10) << "what was measured at the lowest load";
  EXPECT_LE(relaxed, 10 * 1.02);
  EXPECT_LE(text.size(), std::string("itl:p95<10.01ms").size()) << text;
}

// Says stop after some questions.
struct Patience {
  int questions = 0;
  int asked = 0;

  Stop AsStop() {
    return [this] { return asked++ >= questions; };
  }
};

TEST(Explain, StopsAtOnceWhenItIsTo) {
  // Once feasible, once not.
  for (const auto* slo : {"itl:p95<40ms", "itl:p95<5ms"}) {
    const auto request = Request(slo, 100);
    const auto plan = PlanCapacity(kLine, Catalog(), request);
    Patience patience{.questions = 2};
    EXPECT_FALSE(Explain(kLine, Catalog(), request, plan, patience.AsStop())) << slo;
    EXPECT_EQ(patience.asked, 3) << "it is not asked again, nor is anything planned";
  }
}

TEST(Explain, PlansAtMostFourHundredTimesHoweverManyConstraintsThereAre) {
  std::string slo;
  for (const auto* metric : {"ttft", "itl", "e2e"}) {
    for (const auto* statistic : {"mean", "p50", "p90", "p95", "p99"}) {
      slo += std::string(slo.empty() ? "" : ";") + metric + ":" + statistic + "<100000ms";
    }
  }
  // Only all caps together are too few; no limit conflicts.
  auto request = Request(slo, 1e6);
  for (int i = 0; i < 20; ++i) request.max_gpus["GPU-" + std::to_string(i)] = 0;
  request.max_gpus["H100"] = 1;
  request.budget_usd_per_month = 1;
  const auto plan = PlanCapacity(kLine, Catalog(), request);
  ASSERT_TRUE(plan.options.empty());
  Patience patience{.questions = 1000};
  ASSERT_TRUE(Explain(kLine, Catalog(), request, plan, patience.AsStop()));
  EXPECT_LE(patience.asked, 400);
}

TEST(Explain, ALimitThatStandsAloneIsDroppedAsIfItWereADay) {
  // Only p95 was measured: what stands for the dropped limit must be on it too.
  auto benchmarks = Benchmarks(kSmall, kShape, {{.rps = 1, .itl_p95 = 10}, {.rps = 8, .itl_p95 = 80}});
  for (auto& row : benchmarks) {
    const auto p95 = row.measurement.itl[domain::Statistic::kP95];
    row.measurement.itl = {};
    row.measurement.itl[domain::Statistic::kP95] = p95;
  }
  const auto evidence = EvidenceOf(benchmarks);
  const auto request = Request("itl:p95<5ms");
  const auto explanation = Explain(evidence, Catalog(), request, PlanCapacity(evidence, Catalog(), request));
  EXPECT_THAT(explanation->conflict,
              ::testing::ElementsAre(Constraint{.kind = ConstraintKind::kSloLimit, .text = "itl:p95<5ms"}));
}

TEST(Explain, PricesTheLimitThatBindsAndNoOther) {
  // At 100 requests/s: itl:p95<40ms carries 4, so 30 replicas; at 44 ms 4.4, so
  // 28. TTFT holds up to 5 and does not bind.
  const auto explanation = ExplainRequest(Request("ttft:p95<500ms;itl:p95<40ms", 100));
  ASSERT_TRUE(explanation.binding);
  EXPECT_EQ(explanation.binding->text, "itl:p95<40ms");
  ASSERT_EQ(explanation.shadow_prices.size(), 2u);
  EXPECT_EQ(explanation.shadow_prices[0].saved_usd_per_month, 0);
  EXPECT_EQ(explanation.shadow_prices[1].relaxed.text, "itl:p95<44ms");
  EXPECT_NEAR(explanation.shadow_prices[1].saved_usd_per_month, 2 * 2.0 * 730, 1e-6);
  EXPECT_TRUE(explanation.conflict.empty());
}

TEST(Explain, FindsTheSmallestConflict) {
  // Alone, 5 ms cannot be held at any load; the TTFT limit can.
  const auto explanation = ExplainRequest(Request("ttft:p95<500ms;itl:p95<5ms"));
  EXPECT_THAT(explanation.conflict,
              ::testing::ElementsAre(Constraint{.kind = ConstraintKind::kSloLimit, .text = "itl:p95<5ms"}));
  ASSERT_FALSE(explanation.alternatives.empty());
  EXPECT_EQ(explanation.alternatives.front().replicas > 0, true);
}

TEST(Explain, ALimitAndACapMayConflictTogether) {
  auto request = Request("itl:p95<40ms", 100);
  request.max_gpus = {{"H100", 20}};
  const auto explanation = ExplainRequest(request);
  EXPECT_THAT(explanation.conflict,
              ::testing::ElementsAre(Constraint{.kind = ConstraintKind::kSloLimit, .text = "itl:p95<40ms"},
                                     Constraint{.kind = ConstraintKind::kGpuInventory, .text = "max_gpus[H100]=20"}));
  // Within the limit 30 GPUs are needed, without it 15.
  const auto more = std::find_if(
      explanation.alternatives.begin(), explanation.alternatives.end(), [](const Alternative& alternative) {
        return alternative.relaxed.size() == 1 && alternative.relaxed[0].kind == ConstraintKind::kGpuInventory;
      });
  ASSERT_NE(more, explanation.alternatives.end());
  EXPECT_EQ(more->replicas, 30);
}

TEST(Explain, WhatIsMeasuredIsNotWorthMeasuring) {
  EXPECT_TRUE(ExplainRequest(Request("itl:p95<40ms", 100)).next_benchmarks.empty());
}

TEST(Explain, WhatIsPredictedIsWorthMeasuring) {
  const auto evidence = EvidenceOf(testing::FittedWorld(testing::NineShapes(), 0.2));
  PlanRequest request{.shape = {900, 300}, .rps = 500, .slo = testing::SloOf("ttft:p95<150ms;itl:p95<20ms")};
  request.policy = MatchPolicy::kAuto;
  const auto explanation = Explain(evidence, Catalog(), request, PlanCapacity(evidence, Catalog(), request)).value();
  ASSERT_EQ(explanation.next_benchmarks.size(), 1u);
  const NextBenchmark& next = explanation.next_benchmarks.front();
  EXPECT_EQ(next.shape, request.shape);
  EXPECT_GT(next.expected_saving_usd_per_month, 0);
  EXPECT_THAT(next.reason, ::testing::HasSubstr("predicted"));
  ASSERT_EQ(explanation.ranking.options.size(), 1u);
  EXPECT_NEAR(explanation.ranking.options[0].probability_first, 1, 1e-9);
}

}  // namespace
}  // namespace loadline::planning
