#include "tests/conformance/search_suite.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <random>

#include "services/benchmark-store/repository/search/model_index.h"

namespace loadline::store {

const char* const kModelDocument = R"({"models": [
  {"name": "acme/llama-3.1-8b-instruct", "parameters_billion": 8, "architecture": "llama", "tags": ["dense"],
   "use_cases": {"chatbot": 0.5}, "metadata": {"license": "none"}},
  {"name": "acme/llama-3.3-70b-instruct", "parameters_billion": 70, "architecture": "llama", "tags": ["dense"]},
  {"name": "acme/mixtral-8x7b-instruct-v0.1", "architecture": "mixtral", "tags": ["moe"]},
  {"name": "acme/phi-4", "architecture": "phi3", "tags": ["dense"]},
  {"name": "tuned/sparrow-70b", "base_model": "acme/llama-3.3-70b-instruct", "architecture": "llama", "tags": ["fp8"]}
]})";

const char* const kUseCaseDocument = R"({"use_cases": [
  {"id": "chatbot", "display_name": "Chatbot", "description": "Conversation.", "input_tokens": 512,
   "output_tokens": 256, "slo": "ttft:p95<500ms", "weights": {"cost": 0.4, "latency": 0.4, "quality": 0.2},
   "category": "conversation", "pipeline_tag": "text-generation", "characteristics": {"interactive": "yes"}}
]})";

std::vector<std::string> SearchSuite::Expected(const std::string& query) {
  std::map<std::string, domain::Model> models;
  const auto snapshot = catalog().Read({}).value();
  for (const auto& model : snapshot.catalog->models) models.emplace(model.name, model);
  const auto with_benchmarks = benchmarks().Models({}).value();
  for (const auto& measured : with_benchmarks) {
    auto& model = models.try_emplace(measured.name, domain::Model{.name = measured.name}).first->second;
    model.benchmark_count = measured.benchmark_count;
  }
  std::vector<domain::Model> all;
  for (auto& [name, model] : models) all.push_back(model);
  auto matches = ModelIndex(all).Find(ModelQuery::Parse(query).value());
  std::sort(matches.begin(), matches.end(), [&](const auto& a, const auto& b) {
    return std::tuple(-a.score, -all[a.model].benchmark_count, a.model) <
           std::tuple(-b.score, -all[b.model].benchmark_count, b.model);
  });
  std::vector<std::string> names;
  for (const auto& match : matches) names.push_back(all[match.model].name);
  return names;
}

namespace {

using loadline::testing::HasViolation;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_P(SearchSuite, WordsAreFoundAsTheyAreAsStartsAndMisspelled) {
  EXPECT_THAT(Found("phi"), ElementsAre("acme/phi-4"));
  EXPECT_THAT(Found("mixt"), ElementsAre("acme/mixtral-8x7b-instruct-v0.1"));
  EXPECT_THAT(Found("mixtrl"), ElementsAre("acme/mixtral-8x7b-instruct-v0.1"));
  EXPECT_THAT(Found("MIXTRAL / 8X7B"), ElementsAre("acme/mixtral-8x7b-instruct-v0.1"));
}

TEST_P(SearchSuite, EveryWordOfTheQueryMustMatch) {
  EXPECT_THAT(Found("llama 70b instrct"), ElementsAre("acme/llama-3.3-70b-instruct", "tuned/sparrow-70b"));
  EXPECT_THAT(Found("llama 7b"), IsEmpty());
  EXPECT_THAT(Found("llama 70b zeppelin"), IsEmpty());
}

TEST_P(SearchSuite, BaseModelArchitectureAndTagsAreSearchedToo) {
  EXPECT_THAT(Found("moe"), ElementsAre("acme/mixtral-8x7b-instruct-v0.1"));
  EXPECT_THAT(Found("phi3"), ElementsAre("acme/phi-4"));
  EXPECT_THAT(Found("sparrow llama fp8"), ElementsAre("tuned/sparrow-70b"));
}

TEST_P(SearchSuite, ModelsThatOnlyHaveBenchmarksAreFoundWithTheirCounts) {
  Import({{.model = "acme/zephyr", .rate = 1},
          {.model = "acme/zephyr", .rate = 2},
          {.model = "acme/zephyr", .hardware_count = 2}});
  const auto page = Search("zephir");
  ASSERT_THAT(page.items, SizeIs(1));
  EXPECT_EQ(page.items[0].model.benchmark_count, 3);
  EXPECT_EQ(page.items[0].model.configuration_count, 2);
  EXPECT_EQ(page.revision, CurrentRevision());
}

TEST_P(SearchSuite, WhatTheCatalogueSaysOfAModelComesWithIt) {
  Import({{.model = "acme/llama-3.1-8b-instruct"}});
  const auto page = Search("8b");
  ASSERT_THAT(page.items, SizeIs(1));
  EXPECT_EQ(page.items[0].model, (domain::Model{.name = "acme/llama-3.1-8b-instruct",
                                                .parameters_billion = 8,
                                                .configuration_count = 1,
                                                .benchmark_count = 1,
                                                .architecture = "llama",
                                                .tags = {"dense"},
                                                .use_cases = {{"chatbot", 0.5}},
                                                .metadata = {{"license", "none"}}}));
}

TEST_P(SearchSuite, TiesGoToMoreBenchmarksThenToTheSmallerName) {
  Import({{.model = "acme/wren-c"},
          {.model = "acme/wren-b"},
          {.model = "acme/wren-a"},
          {.model = "acme/wren-c", .rate = 2}});
  EXPECT_THAT(Found("wren"), ElementsAre("acme/wren-c", "acme/wren-a", "acme/wren-b"));
}

TEST_P(SearchSuite, TheBestComeFirst) {
  Import({{.model = "acme/gull"}, {.model = "acme/gull-long-name"}, {.model = "acme/gullible"}, {.model = "acme/gul"}});
  EXPECT_THAT(Found("gull"), ElementsAre("acme/gull", "acme/gull-long-name", "acme/gullible", "acme/gul"));
}

TEST_P(SearchSuite, LaterPagesReadTheSameRevision) {
  Import({{.model = "acme/wren-a"}, {.model = "acme/wren-b"}, {.model = "acme/wren-c"}});
  const auto first = Search("wren", {.size = 1});
  EXPECT_THAT(NamesOf(first), ElementsAre("acme/wren-a"));
  Import({{.model = "acme/wren-c", .rate = 2}, {.model = "acme/wren-d"}, {.model = "acme/wren-d", .rate = 2}});
  const auto second = Search("wren", {.size = 1, .after = first.next, .revision = first.revision});
  EXPECT_THAT(NamesOf(second), ElementsAre("acme/wren-b"));
  const auto third = Search("wren", {.size = 1, .after = second.next, .revision = second.revision});
  EXPECT_THAT(NamesOf(third), ElementsAre("acme/wren-c"));
  EXPECT_EQ(third.items[0].model.benchmark_count, 1);
  EXPECT_EQ(third.revision, first.revision);
  EXPECT_EQ(third.next, "");
  EXPECT_THAT(Found("wren"), ElementsAre("acme/wren-c", "acme/wren-d", "acme/wren-a", "acme/wren-b"));
}

TEST_P(SearchSuite, AFutureRevisionAndAStrangePositionAreRefused) {
  const auto query = ModelQuery::Parse("llama").value();
  EXPECT_THAT(benchmarks().SearchModels(query, {.revision = CurrentRevision() + 1}, {}), HasViolation("revision"));
  EXPECT_THAT(benchmarks().SearchModels(query, {.after = "acme/phi-4"}, {}), HasViolation("page_token"));
}

TEST_P(SearchSuite, ModelsAndUseCasesOfTheCatalogueSurviveARestart) {
  const auto before = *catalog().Read({})->catalog;
  Restart();
  const auto after = *catalog().Read({})->catalog;
  EXPECT_EQ(after.models, before.models);
  EXPECT_EQ(after.use_cases, before.use_cases);
  ASSERT_THAT(after.use_cases, SizeIs(1));
  EXPECT_EQ(after.use_cases[0].category, "conversation");
  EXPECT_EQ(after.use_cases[0].pipeline_tag, "text-generation");
  EXPECT_THAT(after.use_cases[0].characteristics, ElementsAre(std::pair("interactive", "yes")));
}

/// Names and queries that differ by a letter or two, so that matching is close.
class Words {
 public:
  explicit Words(unsigned seed) : random_(seed) {}

  std::string Name() { return "acme/" + Word() + "-" + Word() + (Below(2) == 0 ? "." : "_") + Word(); }
  std::string Query() { return Misspelled(Word()) + (Below(2) == 0 ? " " + Misspelled(Word()) : ""); }

 private:
  std::size_t Below(std::size_t end) { return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_); }
  std::string Word() {
    static const std::vector<std::string> kWords = {"lima", "lime",  "limb", "limbo", "7b",    "70b",   "72b",
                                                    "fp8",  "fp16",  "v3",   "v31",   "chat",  "chats", "coder",
                                                    "code", "code2", "qw",   "qwe3",  "qwen3", "qwen"};
    return kWords[Below(kWords.size())];
  }
  std::string Misspelled(std::string word) {
    static const std::string kLetters = "abcdeilmnqw378";
    const auto place = Below(word.size());
    switch (Below(4)) {
      case 0: word.erase(place, 1); break;
      case 1: word.insert(place, 1, kLetters[Below(kLetters.size())]); break;
      case 2: word[place] = kLetters[Below(kLetters.size())]; break;
      default: break;
    }
    return word.empty() ? "l" : word;
  }

  std::mt19937 random_;
};

TEST_P(SearchSuite, AnySearchFindsWhatTheIndexOfAllModelsFinds) {
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  Words words(seed);
  std::vector<SampleOptions> rows;
  for (int i = 0; i < 300; ++i) rows.push_back({.model = words.Name(), .variant = i});
  Import(rows);
  std::size_t found = 0;
  for (int i = 0; i < 150; ++i) {
    const auto query = words.Query();
    const auto names = Found(query, {.size = 1000});
    EXPECT_EQ(names, Expected(query)) << query;
    found += names.size();
  }
  EXPECT_GT(found, 0U);
}

}  // namespace
}  // namespace loadline::store
