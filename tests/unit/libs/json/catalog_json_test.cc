#include "libs/json/catalog_json.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "libs/json/parse.h"
#include "libs/testing/matchers.h"

namespace loadline::json {
namespace {

using loadline::testing::IsOk;
using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

template <typename T>
std::vector<std::string> FieldsOf(const base::Result<T>& result) {
  std::vector<std::string> fields;
  if (result) return fields;
  for (const auto& violation : result.error().violations) fields.push_back(violation.field);
  return fields;
}

json Shipped(const char* name) {
  std::ifstream file(std::filesystem::path(LOADLINE_SOURCE_DIR) / "data" / name);
  std::ostringstream text;
  text << file.rdbuf();
  return Parse(text.str()).value();
}

TEST(ReadHardware, ReadsMembersAndSortsPrices) {
  const auto hardware = ReadHardware(json::parse(R"({"hardware": [
    {"name": "H100", "memory_gib": 80, "aliases": ["H100-SXM"], "prices": [
      {"provider": "gcp", "purchase_option": "spot", "usd_per_gpu_hour": 3.5},
      {"provider": "aws", "purchase_option": "spot", "usd_per_gpu_hour": 2.5},
      {"provider": "aws", "purchase_option": "on_demand", "usd_per_gpu_hour": 7}]},
    {"name": "L4"}], "note": "ignored"})"));
  ASSERT_TRUE(hardware) << hardware.error().message;
  ASSERT_EQ(hardware->size(), 2u);
  EXPECT_EQ(hardware->front(),
            (domain::Hardware{.name = "H100",
                              .memory_gib = 80,
                              .prices = {{"aws", "on_demand", 7.0}, {"aws", "spot", 2.5}, {"gcp", "spot", 3.5}},
                              .aliases = {"H100-SXM"}}));
  EXPECT_EQ(hardware->back(), (domain::Hardware{.name = "L4", .prices = {}, .aliases = {}}));
}

TEST(ReadHardware, NamesEverythingThatIsWrong) {
  const auto hardware = ReadHardware(json::parse(R"({"hardware": [
    7,
    {"memory_gib": "80"},
    {"name": "A", "prices": [{"provider": "aws", "purchase_option": "spot", "usd_per_gpu_hour": "cheap"},
                             {"provider": "", "usd_per_gpu_hour": 1}]},
    {"name": "a", "aliases": ["x", 3], "prices": {}},
    {"name": "B", "prices": [{"provider": "aws", "purchase_option": "spot", "usd_per_gpu_hour": -1}]}]})"));
  EXPECT_THAT(
      FieldsOf(hardware),
      ElementsAre("hardware[0]", "hardware[1].name", "hardware[1].memory_gib", "hardware[2].prices[0].usd_per_gpu_hour",
                  "hardware[2].prices[1].provider", "hardware[2].prices[1].purchase_option", "hardware[3].prices",
                  "hardware[3].aliases[1]", "hardware[3].name", "hardware[4].prices[0].usd_per_gpu_hour"));
  EXPECT_EQ(hardware.error().code, base::ErrorCode::kInvalidArgument);
}

TEST(ReadHardware, RefusesAnAliasThatMeansSomethingElseToo) {
  EXPECT_THAT(FieldsOf(ReadHardware(
                  json::parse(R"({"hardware": [{"name": "L4"}, {"name": "L40S", "aliases": ["L40S-48", "l4"]}]})"))),
              ElementsAre("hardware[1].aliases[1]"));
}

TEST(CatalogReaders, RefuseADocumentWithoutTheList) {
  for (const char* text : {"[]", "{}", "7", R"({"hardware": {}, "models": 1, "use_cases": "x"})"}) {
    EXPECT_THAT(FieldsOf(ReadHardware(json::parse(text))), ElementsAre("hardware")) << text;
    EXPECT_THAT(FieldsOf(ReadModels(json::parse(text))), ElementsAre("models")) << text;
    EXPECT_THAT(FieldsOf(ReadUseCases(json::parse(text))), ElementsAre("use_cases")) << text;
  }
}

TEST(WriteHardware, IsReadBackAsItWas) {
  const auto hardware = ReadHardware(Shipped("hardware.json"));
  ASSERT_TRUE(hardware) << hardware.error().message;
  const auto again = ReadHardware({{"hardware", WriteHardware(*hardware)}});
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(*again, *hardware);
}

TEST(ReadModels, ReadsMembersWithTheNameInLowerCase) {
  const auto models = ReadModels(json::parse(R"({"models": [
    {"name": "Org/Model-8B", "parameters_billion": 8.03, "kv_bytes_per_token": 131072}, {"name": "other"}]})"));
  ASSERT_TRUE(models) << models.error().message;
  EXPECT_THAT(
      *models,
      ElementsAre(domain::Model{.name = "org/model-8b", .parameters_billion = 8.03, .kv_bytes_per_token = 131072},
                  domain::Model{.name = "other"}));
}

TEST(ReadModels, ReadsWhatTheyAreKnownFor) {
  const auto models = ReadModels(json::parse(R"({"models": [
    {"name": "m", "architecture": "Llama", "base_model": "Org/Base", "tags": ["MoE", "fp8", "moe"],
     "use_cases": {"rag": 1, "chatbot": 0.5}, "metadata": {"license": "mit"}}]})"));
  ASSERT_THAT(models, IsOk());
  EXPECT_THAT(*models, ElementsAre(domain::Model{.name = "m",
                                                 .architecture = "llama",
                                                 .base_model = "org/base",
                                                 .tags = {"fp8", "moe"},
                                                 .use_cases = {{"chatbot", 0.5}, {"rag", 1}},
                                                 .metadata = {{"license", "mit"}}}));
}

TEST(ReadModels, NamesWhatIsWrongOfWhatTheyAreKnownFor) {
  EXPECT_THAT(FieldsOf(ReadModels(json::parse(R"({"models": [{"name": "m", "tags": [1], "use_cases": {"rag": 1.5,
    "chatbot": "much"}, "metadata": {"license": 1}}, {"name": "n", "use_cases": []}]})"))),
              UnorderedElementsAre("models[0].tags[0]", "models[0].use_cases.rag", "models[0].use_cases.chatbot",
                                   "models[0].metadata.license", "models[1].use_cases"));
}

TEST(Annotations, SurviveTheirText) {
  const domain::Annotations annotations = {{"license", "mit"}, {"note", "\"quoted\" \\ \u00e9"}};
  EXPECT_EQ(ReadAnnotations(WriteAnnotations(annotations)), annotations);
  EXPECT_EQ(WriteAnnotations({}), "{}");
  EXPECT_EQ(ReadAnnotations("[1]"), domain::Annotations());
}

TEST(ReadModels, NamesEverythingThatIsWrong) {
  EXPECT_THAT(
      FieldsOf(ReadModels(json::parse(R"({"models": [{"name": "m", "parameters_billion": 0},
                                                             {"name": "M", "kv_bytes_per_token": -1}, null]})"))),
      ElementsAre("models[0].parameters_billion", "models[1].kv_bytes_per_token", "models[1].name", "models[2]"));
}

constexpr const char* kUseCase = R"({"use_cases": [{
  "id": "chat", "display_name": "Chat", "description": "Talk.", "input_tokens": 512, "output_tokens": 256,
  "slo": "ttft:p95<500ms;itl:p95<40ms", "excellent_slo": "ttft:p95<200ms",
  "category": "conversation", "pipeline_tag": "text-generation", "characteristics": {"interactive": "yes"},
  "weights": {"cost": 0.5, "latency": 0.3, "quality": 0.2}}]})";

TEST(ReadUseCases, ReadsMembers) {
  const auto use_cases = ReadUseCases(json::parse(kUseCase));
  ASSERT_TRUE(use_cases) << use_cases.error().message;
  ASSERT_EQ(use_cases->size(), 1u);
  const domain::UseCase& chat = use_cases->front();
  EXPECT_EQ(chat.id, "chat");
  EXPECT_EQ(chat.display_name, "Chat");
  EXPECT_EQ(chat.description, "Talk.");
  EXPECT_EQ(chat.category, "conversation");
  EXPECT_EQ(chat.pipeline_tag, "text-generation");
  EXPECT_EQ(chat.characteristics, (domain::Annotations{{"interactive", "yes"}}));
  EXPECT_EQ(chat.shape, (domain::TrafficShape{.input_tokens = 512, .output_tokens = 256}));
  EXPECT_EQ(chat.slo.ToString(), "ttft:p95<500ms;itl:p95<40ms");
  EXPECT_EQ(chat.excellent->ToString(), "ttft:p95<200ms");
  EXPECT_EQ(chat.weights, (domain::PriorityWeights{.cost = 0.5, .latency = 0.3, .quality = 0.2}));
}

TEST(ReadUseCases, WhatIsExcellentNeedNotBeKnown) {
  json document = json::parse(kUseCase);
  document["use_cases"][0].erase("excellent_slo");
  EXPECT_FALSE(ReadUseCases(document).value().front().excellent);
}

TEST(ReadUseCases, NamesEverythingThatIsWrong) {
  json document = json::parse(kUseCase);
  document["use_cases"].push_back(document["use_cases"][0]);
  json& wrong = document["use_cases"][1];
  wrong["input_tokens"] = 0;
  wrong["slo"] = "ttft:p42<1s";
  wrong["excellent_slo"] = "";
  wrong["weights"]["cost"] = 0.9;
  EXPECT_THAT(FieldsOf(ReadUseCases(document)),
              ElementsAre("use_cases[1].id", "use_cases[1].input_tokens", "use_cases[1].slo",
                          "use_cases[1].excellent_slo", "use_cases[1].weights"));
}

/// What comes of writing and reading `models`.
std::vector<domain::Model> ThereAndBack(const std::vector<domain::Model>& models) {
  return ReadModels({{"models", WriteModels(models)}}).value();
}

std::vector<domain::UseCase> ThereAndBack(const std::vector<domain::UseCase>& use_cases) {
  return ReadUseCases({{"use_cases", WriteUseCases(use_cases)}}).value();
}

TEST(WriteModels, EveryFieldIsReadBack) {
  const std::vector<domain::Model> models = {{.name = "acme/full",
                                              .parameters_billion = 70.55,
                                              .kv_bytes_per_token = 327'680.0,
                                              .architecture = "llama",
                                              .base_model = "acme/base",
                                              .tags = {"instruct", "moe"},
                                              .use_cases = {{"chat", 0.25}, {"code", 1.0}},
                                              .metadata = {{"license", "apache-2.0"}, {"\"quoted\"", ""}}},
                                             {.name = "acme/plain"}};
  EXPECT_EQ(ThereAndBack(models), models);
}

TEST(WriteUseCases, EveryFieldIsReadBack) {
  const domain::UseCase plain = {.id = "plain",
                                 .display_name = "Plain",
                                 .description = "Only what must be there",
                                 .shape = {512.5, 256},
                                 .slo = domain::Slo::Parse("ttft:p95<500ms").value(),
                                 .weights = {.cost = 0.5, .latency = 0.3, .quality = 0.2}};
  auto full = plain;
  full.id = "full";
  full.excellent = domain::Slo::Parse("ttft:p95<100ms;itl:p99<12.5ms").value();
  full.category = "conversation";
  full.pipeline_tag = "text-generation";
  full.characteristics = {{"turns", "many"}};
  EXPECT_EQ(ThereAndBack({full, plain}), (std::vector{full, plain}));
}

TEST(CatalogWriters, WhatIsShippedIsReadBack) {
  const auto models = ReadModels(Shipped("models.json")).value();
  EXPECT_EQ(ThereAndBack(models), models);
  const auto use_cases = ReadUseCases(Shipped("use_cases.json")).value();
  EXPECT_EQ(ThereAndBack(use_cases), use_cases);
}

TEST(CatalogReaders, ReadWhatIsShipped) {
  EXPECT_THAT(ReadHardware(Shipped("hardware.json")).value(), Not(IsEmpty()));
  EXPECT_THAT(ReadModels(Shipped("models.json")).value(), Not(IsEmpty()));
  EXPECT_EQ(ReadUseCases(Shipped("use_cases.json")).value().size(), 9u);
}

}  // namespace
}  // namespace loadline::json
