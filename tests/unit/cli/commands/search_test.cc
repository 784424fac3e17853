#include <nlohmann/json.hpp>

#include "tests/unit/cli/commands/command_test.h"

namespace loadline::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Search : public CommandTest {
 protected:
  void Answer(const std::string& text) {
    services.benchmarks.search.answers.push_back(FromText<benchmark_api::SearchModelsResponse>(text));
  }
  const benchmark_api::SearchModelsRequest& Request() const { return services.benchmarks.search.requests.at(0); }
};

TEST_F(Search, WordsAreOneQueryQuotedOrNot) {
  Answer(R"(models { model_hf_repo: "acme/sail-70b" score: 0.8 })");
  EXPECT_THAT(Loadline({"search", "sail", "70b"}).out, HasSubstr("acme/sail-70b"));
  EXPECT_EQ(Request().query(), "sail 70b");
  EXPECT_EQ(Request().page_size(), 20);
  Loadline({"search", "sail 70b"});
  EXPECT_EQ(services.benchmarks.search.requests.at(1).query(), "sail 70b");
}

TEST_F(Search, NothingFoundSuggestsTheNearestAndWhatToDo) {
  Answer(R"(suggestions: "acme/sail-70b" suggestions: "acme/oar")");
  const auto run = Loadline({"search", "soil 70b"});
  EXPECT_EQ(run.status, 0);
  EXPECT_EQ(run.out,
            "No model matches `soil 70b`.\nNearest: acme/sail-70b, acme/oar\n"
            "Try fewer words, or see all with `loadline list models`.\n");
}

TEST_F(Search, NothingFoundAndNothingNearSaysOnlyWhatToDo) {
  const auto run = Loadline({"search", "soil"});
  EXPECT_THAT(run.out, Not(HasSubstr("Nearest")));
  EXPECT_THAT(run.out, HasSubstr("loadline list models"));
}

TEST_F(Search, MoreThanTheLimitSaysHowToGoOn) {
  Answer(R"(models { model_hf_repo: "acme/sail" score: 1 } next_page_token: "after-sail")");
  EXPECT_THAT(Loadline({"search", "sail", "--limit", "1"}).out, HasSubstr("go on with --page-token after-sail"));
  EXPECT_EQ(Request().page_size(), 1);
}

TEST_F(Search, JsonIsTheWholeAnswer) {
  Answer(R"(models { model_hf_repo: "acme/sail" score: 0.5 tags: "moe" } revision: 7)");
  const auto json = nlohmann::json::parse(Loadline({"search", "sail", "-o", "json"}).out);
  EXPECT_EQ(json["models"][0]["score"], 0.5);
  EXPECT_EQ(json["models"][0]["tags"][0], "moe");
  EXPECT_EQ(json["revision"], "7");
}

TEST_F(Search, AQueryThatIsRefusedNamesItsArgument) {
  services.benchmarks.search.failure = rpc::ToGrpcStatus(base::InvalidArgument("query", "needs a word"));
  const auto run = Loadline({"search", "--", "--"});
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.out, IsEmpty());
  EXPECT_EQ(run.error, "error: WORDS: needs a word\n");
}

TEST_F(Search, NeedsAWord) { EXPECT_EQ(Loadline({"search"}).status, 2); }

}  // namespace
}  // namespace loadline::cli
