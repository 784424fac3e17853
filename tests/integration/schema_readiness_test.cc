#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "libs/testing/matchers.h"
#include "libs/testing/wait.h"
#include "tests/integration/store_client.h"
#include "tests/integration/store_on.h"

namespace loadline::testing {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;

void Migrate(const Environment& environment) {
  Process migrate(
      {.binary = LOADLINE_BINARY_DIR "/bin/benchmark-store", .arguments = {"migrate"}, .environment = environment});
  ASSERT_EQ(migrate.Wait(), 0) << migrate.ErrorOutput();
}

TEST(SchemaReadiness, AStoreWaitsForTheMigrationsThatItsDatabaseLacks) {
  const StoreOn backend("postgresql");
  auto environment = backend.environment();
  environment.insert({{"MIGRATE_ON_START", "false"}, {"ADMIN_ADDRESS", "127.0.0.1:0"}});
  StoreProcess store(environment);
  const StoreClient client(store.address());
  const auto admin_port = store.process().WaitForEvent("admin_listening")->at("port").get<std::string>();
  const auto admin = StoreClient("127.0.0.1:" + admin_port).channel();

  const auto said = store.process().WaitForEvent("schema_too_old");
  ASSERT_TRUE(said);
  EXPECT_THAT(said->at("message").get<std::string>(), HasSubstr("benchmark-store migrate"));
  EXPECT_EQ(client.health(), Health::kNotServing);
  EXPECT_EQ(HealthOf(admin), Health::kNotServing);
  EXPECT_EQ(HealthOf(admin, "liveness"), Health::kServing);
  EXPECT_THAT(client.Ids(), Fails(base::ErrorCode::kUnavailable, "SCHEMA_TOO_OLD"));

  Migrate(environment);
  EXPECT_TRUE(WaitFor([&] { return client.health() == Health::kServing; }, seconds(30)));
  EXPECT_EQ(HealthOf(admin), Health::kServing);
  EXPECT_THAT(client.Import(CurveOf("acme/a")), IsOk());
  EXPECT_EQ(store.process().Events("schema_too_old").size(), 1u);
}

TEST(SchemaReadiness, AStoreThatWaitsStopsWhenItIsTold) {
  const StoreOn backend("postgresql");
  auto environment = backend.environment();
  environment["MIGRATE_ON_START"] = "false";
  StoreProcess store(environment);
  ASSERT_TRUE(store.process().WaitForEvent("schema_too_old"));
  store.process().Signal(SIGTERM);
  EXPECT_EQ(store.process().Wait(), 0);
}

}  // namespace
}  // namespace loadline::testing
