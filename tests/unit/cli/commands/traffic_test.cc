#include <filesystem>
#include <nlohmann/json.hpp>

#include "libs/rpc/status.h"
#include "libs/testing/temp_dir.h"
#include "tests/unit/cli/commands/command_test.h"

namespace loadline::cli {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

std::string Fixture(const std::string& name) {
  return std::filesystem::path(LOADLINE_SOURCE_DIR) / "tests/fixtures/traces" / name;
}

class Traffic : public CommandTest {
 protected:
  const planner_api::PlanCapacityRequest& Sent() const { return services.planner.plan.requests.at(0); }
  void GiveOption() {
    auto& answer = services.planner.plan.answers.emplace_back(ExamplePlan());
    *answer.add_options() = ExampleOption();
  }
};

TEST_F(Traffic, IsShownWithoutAnyService) {
  variables = {{"LOADLINE_PLANNER", "127.0.0.1:1"}, {"LOADLINE_STORE", "127.0.0.1:1"}};
  const auto run = Loadline({"traffic", Fixture("burst_gpt.csv")});
  EXPECT_EQ(run.status, 0) << run.error;
  EXPECT_THAT(run.out, AllOf(StartsWith("Traffic of 3 requests in 10.0 s"), HasSubstr("BurstGPT"),
                             HasSubstr("1 more were left out")));
}

TEST_F(Traffic, JsonIsARequestThatCanBeSent) {
  const auto run = Loadline({"traffic", Fixture("mooncake.jsonl"), "-o", "json"});
  ASSERT_EQ(run.status, 0) << run.error;
  const auto request = nlohmann::json::parse(run.out);
  EXPECT_EQ(request["requests_per_second"], 0.4);
  EXPECT_EQ(request["length_histogram"]["bins"].size(), 4U);
}

TEST_F(Traffic, WrongFilesAreNamed) {
  const loadline::testing::TempDir folder;
  const auto path = folder.Write("trace.csv", "Timestamp,Request tokens,Response tokens\n5,1,1\n4,1,1\n");
  const auto run = Loadline({"traffic", path});
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.error, AllOf(HasSubstr("trace.csv: line 3"), HasSubstr("backwards")));
  EXPECT_THAT(run.out, IsEmpty());
}

TEST_F(Traffic, APlanForATraceIsAPlanForItsPeak) {
  GiveOption();
  const auto run = Loadline({"plan", "--traffic", Fixture("azure.csv"), "--slo", "ttft:p95<500ms"});
  ASSERT_EQ(run.status, 0) << run.error;
  EXPECT_NEAR(Sent().requests_per_second(), 1, 1e-6);
  EXPECT_NEAR(Sent().arrivals().inter_arrival_cv(), 0.8839, 1e-4);
  EXPECT_EQ(Sent().length_histogram().bins_size(), 4);
  EXPECT_FALSE(Sent().has_shape());
  EXPECT_THAT(run.out, StartsWith("Traffic of 4 requests")) << "what was derived comes first";
  EXPECT_THAT(run.out, HasSubstr("\nPlan for "));
}

TEST_F(Traffic, WhatIsGivenWinsOverTheTrace) {
  GiveOption();
  const auto run =
      Loadline({"plan", "--traffic", Fixture("azure.csv"), "--rps", "7", "--cv", "3", "--use-case", "chatbot"});
  ASSERT_EQ(run.status, 0) << run.error;
  EXPECT_EQ(Sent().requests_per_second(), 7);
  EXPECT_EQ(Sent().arrivals().inter_arrival_cv(), 3);
}

TEST_F(Traffic, JsonOfAPlanIsThePlanOnly) {
  GiveOption();
  const auto run = Loadline({"plan", "--traffic", Fixture("azure.csv"), "--slo", "ttft:p95<500ms", "-o", "json"});
  ASSERT_EQ(run.status, 0) << run.error;
  EXPECT_EQ(nlohmann::json::parse(run.out)["options"].size(), 1U);
}

TEST_F(Traffic, AShapeBesideATraceIsRefused) {
  const auto run = Loadline({"plan", "--traffic", Fixture("azure.csv"), "--input-tokens", "1", "--output-tokens", "1",
                             "--slo", "ttft:p95<500ms"});
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(services.planner.plan.requests, IsEmpty());
}

TEST_F(Traffic, ABadTraceIsNotPlannedFor) {
  const auto run = Loadline({"plan", "--traffic", "/nowhere.csv", "--slo", "ttft:p95<500ms"});
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.error, HasSubstr("/nowhere.csv: cannot be read"));
  EXPECT_THAT(services.planner.plan.requests, IsEmpty());
}

TEST_F(Traffic, TermsReachThePlanner) {
  GiveOption();
  const auto run = Loadline({"plan", "--use-case", "chatbot", "--rps", "2", "--confidence", "0.95", "--cv", "2",
                             "--routing-imbalance", "1.1", "--spares", "1", "--budget", "5000", "--weights",
                             "cost=0.7,latency=0.3", "--policy", "auto"});
  ASSERT_EQ(run.status, 0) << run.error;
  EXPECT_EQ(Sent().confidence(), 0.95);
  EXPECT_EQ(Sent().arrivals().inter_arrival_cv(), 2);
  EXPECT_EQ(Sent().arrivals().routing_imbalance(), 1.1);
  EXPECT_EQ(Sent().arrivals().spare_replicas(), 1);
  EXPECT_EQ(Sent().budget_usd_per_month(), 5000);
  EXPECT_EQ(Sent().weights().cost(), 0.7);
  EXPECT_EQ(Sent().weights().latency(), 0.3);
  EXPECT_EQ(Sent().match_policy(), planner_api::MATCH_POLICY_AUTO);
}

TEST_F(Traffic, TermsThatAreNotGivenAreNotSent) {
  GiveOption();
  ASSERT_EQ(Loadline({"plan", "--use-case", "chatbot", "--rps", "2"}).status, 0);
  EXPECT_FALSE(Sent().has_confidence());
  EXPECT_FALSE(Sent().has_arrivals());
  EXPECT_FALSE(Sent().has_weights());
  EXPECT_FALSE(Sent().has_budget_usd_per_month());
}

TEST_F(Traffic, UnknownGoalsAreNamed) {
  const auto run = Loadline({"plan", "--use-case", "chatbot", "--rps", "2", "--weights", "speed=1"});
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.error, AllOf(HasSubstr("`speed`"), HasSubstr("cost, latency, quality and risk")));
}

}  // namespace
}  // namespace loadline::cli
