#include "cli/output/plan_view.h"

#include <gmock/gmock.h>

#include <sstream>

#include "tests/unit/cli/golden.h"
#include "tests/unit/cli/messages.h"

namespace loadline::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Viewed(const planner_api::PlanCapacityResponse& plan) {
  std::ostringstream out;
  PrintPlan(plan, out);
  return out.str();
}

// A lower bound from the closest shape, simulated, whose memory is not known.
planner_api::PlanOption UncertainOption() {
  auto option = ExampleOption();
  option.mutable_configuration()->set_model_hf_repo("acme/sail-70b-instruct-with-a-very-long-name");
  option.mutable_configuration()->set_hardware("L40S");
  option.mutable_capacity()->set_kind(planner_api::CAPACITY_KIND_LOWER_BOUND);
  option.mutable_capacity()->set_basis(planner_api::BASIS_CLOSEST);
  option.mutable_capacity()->clear_binding_limit();
  option.set_latency_basis(planner_api::BASIS_CLOSEST);
  option.mutable_cost()->set_usd_per_hour(131'415.5);
  option.mutable_cost()->set_usd_per_month(95'933'315);
  option.mutable_memory()->set_fit(planner_api::MEMORY_FIT_UNKNOWN);
  option.mutable_evidence()->set_distance(0.1875);
  option.mutable_evidence()->mutable_shape()->set_input_tokens(600);
  option.mutable_evidence()->set_origin(benchmark_api::ORIGIN_SIMULATED);
  option.set_pareto_optimal(false);
  return option;
}

// Predicted, from few shapes.
planner_api::PlanOption PredictedOption() {
  auto option = ExampleOption();
  option.mutable_capacity()->set_kind(planner_api::CAPACITY_KIND_PREDICTED);
  option.mutable_capacity()->set_basis(planner_api::BASIS_PREDICTED);
  *option.mutable_capacity()->mutable_calibration() = FromText<planner_api::CapacityCalibration>(R"(
    point_requests_per_second: 10.5 correction: 1.0625 margin: 0.829 requests_per_second { lower: 9.25 upper: 13.4 }
    shape_count: 4 few_shapes: true)");
  option.set_latency_basis(planner_api::BASIS_PREDICTED);
  option.set_slo_confidence(0.93);
  option.mutable_evidence()->set_distance(0.25);
  return option;
}

planner_api::Rejection NearMiss() {
  return FromText<planner_api::Rejection>(R"(
    configuration { model_hf_repo: "acme/oar-13b" precision: "fp8" hardware: "A100-80GB" hardware_count: 1
                    framework: "vllm" framework_version: "0.11.0" }
    reason: REJECTION_REASON_SLO
    message: "itl:p95<40ms fails already at 0.5 requests/s, the lowest load measured: 54.2 ms"
    binding_limit: "itl:p95<40ms" miss_factor: 1.355 evidence_shape { input_tokens: 512 output_tokens: 256 })");
}

planner_api::PlanCapacityResponse Infeasible() {
  auto plan = ExamplePlan();
  plan.set_feasible_count(0);
  plan.mutable_rejection_counts(1)->set_reason(planner_api::REJECTION_REASON_GPU_INVENTORY);
  plan.mutable_rejection_counts(1)->set_configuration_count(10);
  *plan.add_nearest_misses() = NearMiss();
  auto* inventory = plan.add_nearest_misses();
  *inventory = NearMiss();
  inventory->set_reason(planner_api::REJECTION_REASON_GPU_INVENTORY);
  inventory->set_message("needs 24 H100, and 8 are allowed");
  inventory->clear_binding_limit();
  inventory->set_miss_factor(3);
  return plan;
}

TEST(PlanView, FeasiblePlan) {
  auto plan = ExamplePlan();
  *plan.add_options() = ExampleOption();
  *plan.add_options() = UncertainOption();
  *plan.add_pareto_front() = ExampleOption();
  auto roomy = ExampleOption();
  roomy.mutable_configuration()->set_hardware_count(8);
  roomy.set_worst_slack(0.55);
  *plan.add_pareto_front() = roomy;
  ExpectGolden("plan", Viewed(plan));
}

TEST(PlanView, InfeasiblePlan) { ExpectGolden("plan_infeasible", Viewed(Infeasible())); }

TEST(PlanView, AdviceIsGivenForEveryReason) {
  for (int i = 1; i < planner_api::RejectionReason_ARRAYSIZE; ++i) {
    auto plan = ExamplePlan();
    plan.set_feasible_count(0);
    plan.mutable_rejection_counts(0)->set_reason(static_cast<planner_api::RejectionReason>(i));
    plan.mutable_rejection_counts()->RemoveLast();
    EXPECT_THAT(Viewed(plan), ::testing::ContainsRegex("What to try\n- [A-Z]")) << i;
  }
}

TEST(PlanView, RejectionsOnRequest) {
  auto plan = Infeasible();
  *plan.add_rejections() = NearMiss();
  plan.set_next_rejection_page_token("more");
  EXPECT_THAT(Viewed(plan), HasSubstr("\nRejected\n"));
  EXPECT_THAT(Viewed(plan), HasSubstr("More were rejected: raise --rejected."));
}

TEST(PlanView, NoCandidateAtAllSaysHowToGetSome) {
  auto plan = ExamplePlan();
  plan.clear_rejection_counts();
  plan.set_candidate_count(0);
  plan.set_feasible_count(0);
  EXPECT_THAT(Viewed(plan), HasSubstr("loadline import FILE"));
}

TEST(PlanView, ALowerBoundIsMarkedAndExplained) {
  auto plan = ExamplePlan();
  *plan.add_options() = UncertainOption();
  EXPECT_THAT(Viewed(plan), HasSubstr("≥ 9.25"));
  EXPECT_THAT(Viewed(plan), HasSubstr("at least this"));
}

TEST(PlanView, AnExactPlanHasNoCaveats) {
  auto plan = ExamplePlan();
  *plan.add_options() = ExampleOption();
  *plan.add_pareto_front() = ExampleOption();
  const auto text = Viewed(plan);
  for (const auto* caveat : {"≥", "Distance:", "not measured)", "WARNING", "Also on the Pareto", "not checked"}) {
    EXPECT_THAT(text, Not(HasSubstr(caveat)));
  }
}

TEST(PlanView, SyntheticEvidenceIsSaidToBe) {
  auto plan = ExamplePlan();
  *plan.add_options() = ExampleOption();
  plan.mutable_options(0)->mutable_evidence()->set_origin(benchmark_api::ORIGIN_SYNTHETIC);
  EXPECT_THAT(Viewed(plan), HasSubstr("All evidence is synthetic (generated from a performance model, not measured)."));
}

TEST(PlanView, ManyLimitsStayWithinTheWidth) {
  auto plan = ExamplePlan();
  auto option = ExampleOption();
  for (int i = 0; i < 13; ++i) *option.add_margins() = option.margins(1);
  *plan.add_options() = option;
  ExpectGolden("plan_many_limits", Viewed(plan));
}

TEST(PlanView, AdviceToRelaxIsRoundedUp) {
  EXPECT_THAT(Viewed(Infeasible()), HasSubstr("Relax itl:p95 to 55 ms or more")) << "40 ms x 1.355 is 54.2 ms";
}

TEST(PlanViewTest, SaysHowSureAPredictionIsAndWhatWasAskedBeyondTheShape) {
  auto plan = ExamplePlan();
  *plan.add_options() = PredictedOption();
  *plan.add_options() = ExampleOption();
  auto* request = plan.mutable_request();
  request->set_match_policy(planner_api::MATCH_POLICY_AUTO);
  request->set_confidence(0.88);
  request->set_length_bin_count(321);
  *request->mutable_arrivals() =
      FromText<planner_api::Arrivals>("inter_arrival_cv: 1.75 routing_imbalance: 1.1 spare_replicas: 1");
  *request->mutable_weights() = FromText<planner_api::RankingWeights>("cost: 0.75 latency: 0.25");
  request->set_budget_usd_per_month(20'000);
  ExpectGolden("plan_predicted", Viewed(plan));
}

}  // namespace
}  // namespace loadline::cli
