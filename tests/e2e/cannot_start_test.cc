#include <gmock/gmock.h>

#include <filesystem>

#include "tests/e2e/world.h"

/// Services whose settings or data are wrong, or whose other half is away.
namespace loadline::e2e {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// Starts the store alone with `environment` and returns how it ended.
Outcome StartedStore(const testing::TempDir& folder, std::map<std::string, std::string> environment) {
  environment.emplace("LISTEN_ADDRESS", "127.0.0.1:0");
  testing::Process store(
      {.binary = World::Binary("benchmark-store"), .environment = environment, .folder = folder.path()});
  const int status = store.Wait().value_or(-1);
  return {.status = status, .out = store.Output(), .error = store.ErrorOutput()};
}

TEST(APlannerAlone, SaysThatTheStoreIsAway) {
  testing::Process planner(
      {.binary = World::Binary("planner"),
       .environment = {{"LISTEN_ADDRESS", "127.0.0.1:0"}, {"BENCHMARK_STORE_ADDRESS", "127.0.0.1:1"}}});
  testing::Process plan({.binary = World::Binary("loadline"),
                         .arguments = {"plan", "--use-case", "chatbot", "--rps", "20", "--planner",
                                       "127.0.0.1:" + std::to_string(planner.Port())}});
  EXPECT_EQ(plan.Wait(), 3);
  EXPECT_THAT(plan.ErrorOutput(), AllOf(HasSubstr("note: planner: "),
                                        HasSubstr("\nerror: The planner has not reached the benchmark store")));
}

TEST(BadStoreSettings, ADataFileThatIsMissingStopsTheStoreWithItsPath) {
  const testing::TempDir folder;
  const auto run = StartedStore(folder, {{"DATA_DIR", "."}});
  EXPECT_NE(run.status, 0);
  EXPECT_THAT(run.error, AllOf(HasSubstr("benchmarks.json"), HasSubstr("BENCHMARK_JSON_PATH")));
  EXPECT_FALSE(std::filesystem::exists(folder / "benchmarks.json")) << "nothing is made up";
}

TEST(BadStoreSettings, AFolderOfTheCatalogueThatIsNamedAndMissingStopsTheStore) {
  const testing::TempDir folder;
  folder.Write("benchmarks.json", "[]");
  const auto run = StartedStore(folder, {{"DATA_DIR", "nowhere"}, {"BENCHMARK_JSON_PATH", "benchmarks.json"}});
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.error, AllOf(HasSubstr("nowhere"), HasSubstr("DATA_DIR")));
}

TEST(BadStoreSettings, ADataFileThatIsDamagedStopsTheStoreWithItsLine) {
  const testing::TempDir folder;
  folder.Write("benchmarks.json", "{\"benchmarks\": [\n oops");
  const auto run = StartedStore(folder, {{"DATA_DIR", "."}});
  EXPECT_NE(run.status, 0);
  EXPECT_THAT(run.error, AllOf(HasSubstr("benchmarks.json"), HasSubstr("line 2")));
  EXPECT_EQ(testing::ReadFile(folder / "benchmarks.json"), "{\"benchmarks\": [\n oops") << "it is left as it was";
}

TEST(BadStoreSettings, EveryMistakeIsNamedAtOnce) {
  const testing::TempDir folder;
  const auto run = StartedStore(folder, {{"MAX_THREADS", "many"}, {"LOG_FORMAT", "xml"}});
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.error, AllOf(HasSubstr("MAX_THREADS"), HasSubstr("many"), HasSubstr("LOG_FORMAT"), HasSubstr("xml")));
}

}  // namespace
}  // namespace loadline::e2e
