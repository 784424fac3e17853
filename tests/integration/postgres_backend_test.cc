#include <gmock/gmock.h>

#include <chrono>

#include "libs/testing/matchers.h"
#include "libs/testing/wait.h"
#include "tests/integration/store_client.h"
#include "tests/integration/store_on.h"

/// What the choice of the backend, and how many stores share one, must not
/// change.
namespace loadline::testing {
namespace {

using std::chrono::milliseconds;

const std::vector<std::string> kModels = {"acme/a", "acme/b", "meta-llama/llama-3.1-8b-instruct"};

/// All that a planner answers on a backend with the same imports, as bytes.
std::vector<std::string> AnswersOn(const std::string& name) {
  const StoreOn backend(name);
  StoreProcess store(backend.environment());
  const StoreClient client(store.address());
  double speed = 1;
  for (const auto& model : kModels) EXPECT_THAT(client.Import(CurveOf(model, speed *= 2)), IsOk());
  PlannerProcess planner(store.address());
  EXPECT_TRUE(planner.AwaitHealth(Health::kServing));
  std::vector<std::string> answers;
  for (const auto& models : {std::vector<std::string>{}, {kModels[0]}, {kModels[2], kModels[1]}}) {
    auto answer = planner.Plan(PlanRequest(models));
    EXPECT_TRUE(answer.status.ok()) << answer.status.error_message();
    EXPECT_GT(answer.response.options_size(), 0);
    answer.response.mutable_freshness()->clear_evidence_age_ms();
    answers.push_back(answer.response.SerializeAsString());
  }
  for (const auto& model : kModels) answers.push_back(client.FindClosest(model)->SerializeAsString());
  return answers;
}

TEST(Backend, ThePlannersAnswersAreTheSameBytesOnBoth) { EXPECT_EQ(AnswersOn("json"), AnswersOn("postgresql")); }

TEST(TwoStores, OfOneDatabaseMigrateItOnceWhenTheyStartTogether) {
  const StoreOn backend("postgresql");
  auto environment = backend.environment();
  environment["LISTEN_ADDRESS"] = "127.0.0.1:0";
  const ProcessOptions options = {.binary = LOADLINE_BINARY_DIR "/bin/benchmark-store", .environment = environment};
  Process first(options);
  Process second(options);
  first.Port();
  second.Port();
  const auto migrations = first.Events("migrated").size() + second.Events("migrated").size();
  EXPECT_EQ(std::to_string(migrations), backend.Psql("SELECT count(*) FROM schema_migrations"));
}

TEST(TwoStores, AnImportThroughOneReachesAPlannerOfTheOtherWithinASecond) {
  const StoreOn backend("postgresql");
  StoreProcess importer(backend.environment());
  StoreProcess other(backend.environment());
  const StoreClient client(importer.address());
  ASSERT_THAT(client.Import(CurveOf("acme/a")), IsOk());
  PlannerProcess planner(other.address());
  ASSERT_TRUE(planner.AwaitHealth(Health::kServing));
  ASSERT_TRUE(planner.Plan(PlanRequest()).status.ok());
  const auto imported = client.Import(CurveOf("acme/b", 4));
  ASSERT_THAT(imported, IsOk());
  EXPECT_TRUE(
      WaitFor([&] { return planner.Plan(PlanRequest()).response.freshness().revision() == imported->revision(); },
              milliseconds(1000)));
}

}  // namespace
}  // namespace loadline::testing
