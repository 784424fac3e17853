#include <cmath>
#include <nlohmann/json.hpp>

#include "tests/unit/cli/commands/command_test.h"

namespace loadline::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class Plan : public CommandTest {
 protected:
  const planner_api::PlanCapacityRequest& Sent() const { return services.planner.plan.requests.at(0); }

  void GiveOption() {
    auto& answer = services.planner.plan.answers.emplace_back(ExamplePlan());
    *answer.add_options() = ExampleOption();
  }
};

TEST_F(Plan, EveryArgumentReachesThePlanner) {
  GiveOption();
  const auto run = Loadline({"plan",
                             "--input-tokens",
                             "512",
                             "--output-tokens",
                             "256.5",
                             "--rps",
                             "20",
                             "--slo",
                             "ttft:p95<500ms",
                             "--use-case",
                             "chatbot",
                             "--model",
                             "a",
                             "--model",
                             "b",
                             "--hardware",
                             "H100,L40S",
                             "--framework",
                             "vllm",
                             "--precision",
                             "fp8",
                             "--max-gpus",
                             "H100=16",
                             "--max-gpus",
                             "L40S=8",
                             "--headroom",
                             "1.5",
                             "--policy",
                             "closest",
                             "--provider",
                             "aws",
                             "--purchase-option",
                             "spot",
                             "--top",
                             "3"});
  ASSERT_EQ(run.status, 0) << run.error;
  EXPECT_EQ(Sent().shape().input_tokens(), 512);
  EXPECT_EQ(Sent().shape().output_tokens(), 256.5);
  EXPECT_EQ(Sent().requests_per_second(), 20);
  EXPECT_EQ(Sent().slo(), "ttft:p95<500ms");
  EXPECT_EQ(Sent().use_case(), "chatbot");
  EXPECT_THAT(Sent().candidates().model_hf_repos(), ElementsAre("a", "b"));
  EXPECT_THAT(Sent().candidates().hardware(), ElementsAre("H100", "L40S"));
  EXPECT_THAT(Sent().candidates().frameworks(), ElementsAre("vllm"));
  EXPECT_THAT(Sent().candidates().precisions(), ElementsAre("fp8"));
  EXPECT_EQ(Sent().max_gpus().at("H100"), 16);
  EXPECT_EQ(Sent().max_gpus().at("L40S"), 8);
  EXPECT_EQ(Sent().headroom(), 1.5);
  EXPECT_EQ(Sent().match_policy(), planner_api::MATCH_POLICY_CLOSEST);
  EXPECT_EQ(Sent().price().provider(), "aws");
  EXPECT_EQ(Sent().price().purchase_option(), "spot");
  EXPECT_EQ(Sent().top_n(), 3);
}

TEST_F(Plan, WhatIsNotGivenIsLeftToThePlanner) {
  GiveOption();
  Loadline({"plan", "--rps", "20", "--use-case", "chatbot"});
  EXPECT_FALSE(Sent().has_shape());
  EXPECT_FALSE(Sent().has_headroom());
  EXPECT_EQ(Sent().match_policy(), planner_api::MATCH_POLICY_UNSPECIFIED);
  EXPECT_EQ(Sent().top_n(), 0);
  EXPECT_EQ(Sent().rejection_page_size(), 0);
}

TEST_F(Plan, NotANumberReachesThePlannerWhichRefusesIt) {
  services.planner.plan.failure =
      rpc::ToGrpcStatus(base::InvalidArgument("requests_per_second", "must be greater than 0"));
  const auto run = Loadline({"plan", "--rps", "nan", "--use-case", "chatbot"});
  EXPECT_TRUE(std::isnan(Sent().requests_per_second()));
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.error, "error: --rps: must be greater than 0\n");
}

TEST_F(Plan, NoFeasiblePlanIsStatus1InEveryFormat) {
  services.planner.plan.answers.push_back(ExamplePlan());
  for (const std::string format : {"table", "json", "yaml"}) {
    const auto run = Loadline({"plan", "--rps", "20", "--use-case", "chatbot", "-o", format});
    EXPECT_EQ(run.status, 1) << format;
    EXPECT_EQ(run.error, "") << format;
  }
}

TEST_F(Plan, JsonIsTheExactAnswer) {
  GiveOption();
  const auto run = Loadline({"plan", "--rps", "20", "--use-case", "chatbot", "-o", "json"});
  const auto json = nlohmann::json::parse(run.out);
  EXPECT_EQ(json["options"][0]["capacity"]["kind"], "CAPACITY_KIND_EXACT");
  EXPECT_EQ(json["options"][0]["cost"]["usd_per_gpu_hour"], 4.1);
}

TEST_F(Plan, RejectionsAreFetchedFromAsManyPagesAsItTakes) {
  for (int page = 0; page < 3; ++page) {
    auto& answer = services.planner.plan.answers.emplace_back(ExamplePlan());
    for (int i = 0; i < 2; ++i) answer.add_rejections()->set_message("rejection");
    answer.set_next_rejection_page_token("after-" + std::to_string(page));
  }
  const auto run = Loadline({"plan", "--rps", "20", "--use-case", "chatbot", "--rejected", "5", "-o", "json"});
  ASSERT_THAT(services.planner.plan.requests, SizeIs(3));
  EXPECT_EQ(Sent().rejection_page_size(), 5);
  EXPECT_EQ(services.planner.plan.requests[2].rejection_page_token(), "after-1");
  EXPECT_THAT(nlohmann::json::parse(run.out)["rejections"], SizeIs(5));
}

TEST_F(Plan, RejectedWithoutANumberListsAHundred) {
  GiveOption();
  EXPECT_EQ(Loadline({"plan", "--rps", "20", "--use-case", "chatbot", "--rejected"}).status, 0);
  EXPECT_EQ(Sent().rejection_page_size(), 100);
}

TEST_F(Plan, EveryViolationIsReportedWithItsArgument) {
  services.planner.plan.failure = rpc::ToGrpcStatus(base::InvalidArgument(
      {{"shape", "is required"}, {"slo", "`ttft:p96` has no such statistic"}, {"max_gpus[H100]", "is negative"}}));
  const auto run = Loadline({"plan", "--rps", "20"});
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.error,
            "error: --input-tokens and --output-tokens: is required\n"
            "error: --slo: `ttft:p96` has no such statistic\n"
            "error: --max-gpus H100: is negative\n");
}

TEST_F(Plan, ADeadlineIsStatus3) {
  services.planner.plan.failure = grpc::Status(grpc::StatusCode::DEADLINE_EXCEEDED, "late");
  EXPECT_EQ(Loadline({"plan", "--rps", "20", "--use-case", "chatbot"}).status, 3);
}

TEST_F(Plan, MatchSendsShapeFilterAndRate) {
  auto& answer = services.planner.match.answers.emplace_back();
  *answer.mutable_benchmark() = ExampleBenchmark();
  answer.set_distance(0.25);
  const auto run = Loadline(
      {"match", "--input-tokens", "600", "--output-tokens", "200", "--rps", "4", "--hardware", "H100", "--model", "m"});
  ASSERT_EQ(run.status, 0) << run.error;
  const auto& sent = services.planner.match.requests.at(0);
  EXPECT_EQ(sent.shape().input_tokens(), 600);
  EXPECT_EQ(sent.requests_per_second(), 4);
  EXPECT_EQ(sent.filter().hardware(), "H100");
  EXPECT_EQ(sent.filter().model_hf_repo(), "m");
  EXPECT_THAT(run.out, HasSubstr("Closest to (600, 200): (512, 256), distance 0.25"));
}

TEST_F(Plan, AnExplanationIsAskedForInsteadOfThePlan) {
  auto& answer = services.planner.explain.answers.emplace_back();
  *answer.mutable_plan() = ExamplePlan();
  *answer.mutable_plan()->add_options() = ExampleOption();
  answer.mutable_binding()->set_text("itl:p95<40ms");
  const auto run = Loadline({"plan", "--use-case", "chatbot", "--rps", "2", "--explain", "--rejected", "3"});
  ASSERT_EQ(run.status, 0) << run.error;
  EXPECT_TRUE(services.planner.plan.requests.empty());
  EXPECT_EQ(services.planner.explain.requests.at(0).plan().use_case(), "chatbot");
  EXPECT_EQ(services.planner.explain.requests.at(0).plan().rejection_page_size(), 3);
  EXPECT_THAT(run.out, HasSubstr("What limits option 1: itl:p95<40ms"));
}

TEST_F(Plan, AnInfeasibleRequestIsExplainedToo) {
  auto& answer = services.planner.explain.answers.emplace_back();
  *answer.mutable_plan() = ExamplePlan();
  answer.add_conflict()->set_text("itl:p95<1ms");
  const auto run = Loadline({"plan", "--use-case", "chatbot", "--rps", "2", "--explain"});
  EXPECT_EQ(run.status, 1);
  EXPECT_THAT(run.out, HasSubstr("In conflict: nothing keeps itl:p95<1ms\n"));
}

}  // namespace
}  // namespace loadline::cli
