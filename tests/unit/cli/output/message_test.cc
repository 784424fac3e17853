#include "cli/output/message.h"

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/unit/cli/messages.h"

namespace loadline::cli {
namespace {

std::string Printed(const google::protobuf::Message& message, OutputFormat format) {
  std::ostringstream out;
  PrintMessage(message, format, out);
  return out.str();
}

TEST(Message, JsonHasTheContractsNamesAndDefaultValues) {
  const auto json = nlohmann::json::parse(Printed(ExamplePlan(), OutputFormat::kJson));
  EXPECT_EQ(json["candidate_count"], 12);
  EXPECT_EQ(json["options"], nlohmann::json::array()) << "an empty list is printed";
  EXPECT_EQ(json["freshness"]["stale"], false);
  EXPECT_EQ(json["freshness"]["revision"], "7") << "64-bit integers are text in protobuf JSON";
  EXPECT_EQ(json["request"]["match_policy"], "MATCH_POLICY_CLOSEST_RESCALED");
}

TEST(Message, WhatWasNotMeasuredIsAbsentNotZero) {
  const auto json = nlohmann::json::parse(Printed(ExampleBenchmark(), OutputFormat::kJson));
  EXPECT_FALSE(json["itl"].contains("p50_ms"));
  EXPECT_FALSE(json.contains("tpot"));
  EXPECT_EQ(json["itl"]["mean_ms"], 8.125);
}

TEST(Message, YamlSaysTheSameAsJson) {
  const auto yaml = YAML::Load(Printed(ExampleBenchmark(), OutputFormat::kYaml));
  EXPECT_EQ(yaml["configuration"]["model_hf_repo"].as<std::string>(), "acme/sail-7b-instruct");
  EXPECT_EQ(yaml["ttft"]["p95_ms"].as<double>(), 120.25);
  EXPECT_EQ(yaml["load"]["saturated"].as<bool>(), false);
  EXPECT_EQ(yaml["revision"].Tag(), "!") << "text that looks like a number is quoted";
}

TEST(Message, YamlTextThatLooksLikeSomethingElseStaysText) {
  auto benchmark = ExampleBenchmark();
  for (const std::string text : {"no", "1.10", "", "- a", "a: b", "two\nlines", "#5", "null"}) {
    benchmark.mutable_configuration()->set_framework_version(text);
    const auto yaml = YAML::Load(Printed(benchmark, OutputFormat::kYaml));
    EXPECT_EQ(yaml["configuration"]["framework_version"].as<std::string>(), text);
    EXPECT_FALSE(yaml["configuration"]["framework_version"].IsNull()) << text;
  }
}

TEST(Message, YamlDocumentsCanFollowEachOther) {
  const std::string text = Printed(ExamplePlan(), OutputFormat::kYaml) + Printed(ExamplePlan(), OutputFormat::kYaml);
  EXPECT_EQ(YAML::LoadAll(text).size(), 2U);
}

}  // namespace
}  // namespace loadline::cli
