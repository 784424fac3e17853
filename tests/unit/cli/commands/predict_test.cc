#include "libs/rpc/status.h"
#include "tests/unit/cli/commands/command_test.h"

namespace loadline::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class Predict : public CommandTest {
 protected:
  const planner_api::PredictPerformanceRequest& Sent() const { return services.planner.predict.requests.at(0); }
  Outcome WithLoad(std::vector<std::string> load) {
    std::vector<std::string> arguments = {"predict", "--model",         "acme/m", "--input-tokens",
                                          "600",     "--output-tokens", "200"};
    arguments.insert(arguments.end(), load.begin(), load.end());
    return Loadline(arguments);
  }
};

TEST_F(Predict, EveryArgumentReachesThePlanner) {
  const auto run =
      WithLoad({"--hardware", "H100", "--hardware-count", "2", "--framework", "vllm", "--framework-version", "0.11.0",
                "--precision", "fp8", "--rps", "4.5", "--confidence", "0.95"});
  ASSERT_EQ(run.status, 0) << run.error;
  const auto expected = FromText<planner_api::PredictPerformanceRequest>(R"(
    configuration { model_hf_repo: "acme/m" precision: "fp8" hardware: "H100" hardware_count: 2 framework: "vllm"
                    framework_version: "0.11.0" }
    shape { input_tokens: 600 output_tokens: 200 } requests_per_second: 4.5 confidence: 0.95)");
  EXPECT_EQ(Sent().DebugString(), expected.DebugString());
}

TEST_F(Predict, TheLoadMayBeAConcurrency) {
  ASSERT_EQ(WithLoad({"--concurrency", "16"}).status, 0);
  EXPECT_EQ(Sent().concurrency(), 16);
  EXPECT_FALSE(Sent().has_requests_per_second());
  EXPECT_FALSE(Sent().has_confidence());
}

TEST_F(Predict, OneLoadIsNeededAndNoMore) {
  EXPECT_EQ(WithLoad({}).status, 2);
  EXPECT_EQ(WithLoad({"--rps", "1", "--concurrency", "1"}).status, 2);
  EXPECT_TRUE(services.planner.predict.requests.empty());
}

TEST_F(Predict, MistakesAreToldInArguments) {
  services.planner.predict.failure =
      rpc::ToGrpcStatus(base::InvalidArgument("confidence", "must be greater than 0 and less than 1; found 2"));
  const auto run = WithLoad({"--rps", "1", "--confidence", "2"});
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.error, HasSubstr("--confidence: must be greater than 0"));
}

TEST_F(Predict, WhatCannotBePredictedSaysWhy) {
  services.planner.predict.failure =
      rpc::ToGrpcStatus(base::FailedPrecondition("TOO_FEW_BENCHMARKS", "Measure 6 loads at 2 shapes."));
  const auto run = WithLoad({"--rps", "1"});
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.error, AllOf(HasSubstr("error: "), HasSubstr("Measure 6 loads")));
}

TEST_F(Predict, JsonIsTheWholeAnswer) {
  services.planner.predict.answers.emplace_back().set_requests_per_second(3.5);
  const auto run = WithLoad({"--rps", "3.5", "-o", "json"});
  ASSERT_EQ(run.status, 0);
  EXPECT_THAT(run.out, HasSubstr("\"requests_per_second\""));
}

}  // namespace
}  // namespace loadline::cli
