#include "cli/output/explanation_view.h"

#include <gmock/gmock.h>

#include <sstream>

#include "tests/unit/cli/golden.h"
#include "tests/unit/cli/messages.h"

namespace loadline::cli {
namespace {

std::string Viewed(const planner_api::ExplainPlanResponse& explained) {
  std::ostringstream out;
  PrintExplainedPlan(explained, out);
  return out.str();
}

TEST(ExplanationViewTest, SaysWhyAPlanIsAsItIs) {
  auto explained = FromText<planner_api::ExplainPlanResponse>(R"(
    binding { kind: CONSTRAINT_KIND_SLO_LIMIT text: "itl:p95<40ms" }
    shadow_prices { constraint { text: "ttft:p95<500ms" } relaxed { text: "ttft:p95<550ms" } usd_per_month: 17958 }
    shadow_prices { constraint { text: "itl:p95<40ms" } relaxed { text: "itl:p95<44ms" } usd_per_month: 11972
                    saved_usd_per_month: 5986 }
    next_benchmarks { configuration { model_hf_repo: "acme/sail-7b-instruct" precision: "fp8" hardware: "L40S"
                                      hardware_count: 1 framework: "vllm" framework_version: "0.11.0" }
                      shape { input_tokens: 512 output_tokens: 256 } requests_per_second: 2.5
                      expected_saving_usd_per_month: 1234.5
                      reason: "its capacity is known from the closest shape only, and it may be the cheapest" }
    ranking { options { score: 0.912 cost_score: 0.9 latency_score: 0.245 risk_score: 0.97 probability_first: 0.83 }
              options { score: 0.75 cost_score: 0.7 latency_score: 0.2 quality_score: 0.5 risk_score: 0.5
                        dominated_by: 0 probability_first: 0.17 }
              draw_count: 2000 seed: 7 })");
  *explained.mutable_plan() = ExamplePlan();
  *explained.mutable_plan()->add_options() = ExampleOption();
  *explained.mutable_plan()->add_options() = ExampleOption();
  ExpectGolden("explanation", Viewed(explained));
}

TEST(ExplanationViewTest, SaysWhatWouldBeFeasible) {
  auto explained = FromText<planner_api::ExplainPlanResponse>(R"(
    conflict { text: "itl:p95<4ms" } conflict { text: "budget_usd_per_month=1000" }
    alternatives { relaxed { text: "itl:p95<8.5ms" }
                   configuration { model_hf_repo: "acme/oar-13b" precision: "fp8" hardware: "H100" hardware_count: 1
                                   framework: "vllm" framework_version: "0.11.0" } replicas: 2 usd_per_month: 5986 }
    alternatives { relaxed { text: "budget_usd_per_month=9000" }
                   configuration { model_hf_repo: "acme/oar-13b" precision: "fp8" hardware: "H200" hardware_count: 1
                                   framework: "vllm" framework_version: "0.11.0" } replicas: 2 usd_per_month: 8760 })");
  *explained.mutable_plan() = ExamplePlan();
  ExpectGolden("explanation_infeasible", Viewed(explained));
}

}  // namespace
}  // namespace loadline::cli
