#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <optional>

#include "libs/testing/matchers.h"
#include "libs/testing/postgres_server.h"
#include "libs/testing/tcp_proxy.h"
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

class DatabaseAwayTest : public ::testing::Test {
 protected:
  DatabaseAwayTest() {
    database.emplace(server);
    url = database->url();
    server.Stop();
  }
  ~DatabaseAwayTest() override { server.Start(); }

  Environment SettingsOf(const std::string& database_url) const {
    return OnDatabase(data, database_url, {{"ADMIN_ADDRESS", "127.0.0.1:0"}});
  }

  StoreData data;
  PostgresServer server;
  std::optional<TestDatabase> database;
  std::string url;
};

TEST_F(DatabaseAwayTest, AStoreThatStartsServesOnceTheDatabaseIsThere) {
  StoreProcess store(SettingsOf(url));
  const StoreClient client(store.address());
  const auto admin_port = store.process().WaitForEvent("admin_listening")->at("port").get<std::string>();
  const auto admin = StoreClient("127.0.0.1:" + admin_port).channel();
  const auto said = store.process().WaitForEvent("storage_not_started");
  ASSERT_TRUE(said);
  EXPECT_EQ(said->at("reason"), "DATABASE_UNAVAILABLE");
  EXPECT_EQ(client.health(), Health::kNotServing);
  EXPECT_EQ(HealthOf(admin, "liveness"), Health::kServing);
  EXPECT_THAT(client.Ids(), Fails(base::ErrorCode::kUnavailable, "DATABASE_UNAVAILABLE"));

  server.Start();
  EXPECT_TRUE(WaitFor([&] { return client.health() == Health::kServing; }, seconds(30)));
  EXPECT_EQ(HealthOf(admin), Health::kServing);
  EXPECT_THAT(client.Import(CurveOf("acme/a")), IsOk());
  EXPECT_TRUE(store.process().WaitForEvent("storage_started"));
  server.Stop();
  EXPECT_THAT(client.Import(CurveOf("acme/b")), Fails(base::ErrorCode::kUnavailable, "DATABASE_UNAVAILABLE"));
}

TEST_F(DatabaseAwayTest, AStoreThatWaitsStopsWhenItIsTold) {
  StoreProcess store(SettingsOf(url));
  ASSERT_TRUE(store.process().WaitForEvent("storage_not_started"));
  store.process().Signal(SIGTERM);
  EXPECT_EQ(store.process().Wait(seconds(5)), 0);
}

// An attempt to connect may take 5 s.
TEST_F(DatabaseAwayTest, AStoreWhoseDatabaseSaysNothingStopsInTheMiddleOfItsStart) {
  TcpProxy silent(server.port());
  silent.Set(LinkState::Silent());
  const auto silent_url = "postgresql://loadline@" + silent.address() + "/" + database->name();
  Process store({.binary = LOADLINE_BINARY_DIR "/bin/benchmark-store", .environment = [&] {
                   auto environment = SettingsOf(silent_url);
                   environment["LISTEN_ADDRESS"] = "127.0.0.1:0";
                   return environment;
                 }()});
  ASSERT_TRUE(WaitFor([&] { return silent.connections() > 0; }, seconds(30)));
  store.Signal(SIGTERM);
  EXPECT_EQ(store.Wait(seconds(3)), 0) << store.ErrorOutput();
}

TEST_F(DatabaseAwayTest, AMigrationThatWaitsForItsDatabaseStopsWhenItIsTold) {
  TcpProxy silent(server.port());
  silent.Set(LinkState::Silent());
  const auto silent_url = "postgresql://loadline@" + silent.address() + "/" + database->name();
  Process migrate({.binary = LOADLINE_BINARY_DIR "/bin/benchmark-store",
                   .arguments = {"migrate"},
                   .environment = SettingsOf(silent_url)});
  ASSERT_TRUE(WaitFor([&] { return silent.connections() > 0; }, seconds(30)));
  migrate.Signal(SIGTERM);
  EXPECT_EQ(migrate.Wait(seconds(3)), 2);
  EXPECT_THAT(migrate.ErrorOutput(), HasSubstr("signal"));
}

}  // namespace
}  // namespace loadline::testing
