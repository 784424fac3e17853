#include "services/benchmark-store/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "libs/testing/matchers.h"

namespace loadline::store {
namespace {

using loadline::testing::HasViolation;
using loadline::testing::IsOk;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

base::Result<Config> Read(const std::map<std::string, std::string>& environment, Purpose purpose = Purpose::kServe) {
  return ReadConfig(
      [environment](const std::string& name) -> std::optional<std::string> {
        const auto found = environment.find(name);
        return found == environment.end() ? std::nullopt : std::optional(found->second);
      },
      purpose);
}

TEST(Config, HasSafeDefaults) {
  const auto config = Read({});
  ASSERT_THAT(config, IsOk());
  EXPECT_EQ(config->service.listen_address, "127.0.0.1:50051");
  EXPECT_EQ(config->benchmark_json_path, "data/benchmarks.json");
  EXPECT_EQ(config->service.limits.max_threads, 64);
  EXPECT_EQ(config->max_watchers, 32);
  EXPECT_EQ(config->service.shutdown_grace, std::chrono::seconds(10));
  EXPECT_THAT(config->effective, Contains("LOG_FORMAT=json"));
}

TEST(Config, LooksForBenchmarksInTheDataFolder) {
  EXPECT_TRUE(Read({{"DATA_DIR", "/srv"}})->data_dir_named);
  EXPECT_FALSE(Read({})->data_dir_named);
  EXPECT_EQ(Read({{"DATA_DIR", "/srv"}})->benchmark_json_path, "/srv/benchmarks.json");
  EXPECT_EQ(Read({{"DATA_DIR", "/srv"}, {"BENCHMARK_JSON_PATH", "/a/b.json"}})->benchmark_json_path, "/a/b.json");
}

TEST(Config, NamesEveryMistakeAtOnce) {
  const auto config = Read({{"MAX_THREADS", "0"}, {"LOG_LEVEL", "loud"}, {"BENCHMARK_SOURCE", "mysql"}});
  EXPECT_THAT(config, HasViolation("MAX_THREADS"));
  EXPECT_THAT(config, HasViolation("LOG_LEVEL"));
  EXPECT_THAT(config, HasViolation("BENCHMARK_SOURCE"));
}

TEST(Config, PlaintextForOtherMachinesIsAMistakeBesideOthers) {
  const auto config = Read({{"LISTEN_ADDRESS", "0.0.0.0:1"}, {"LOG_LEVEL", "loud"}});
  EXPECT_THAT(config, HasViolation("LISTEN_ADDRESS"));
  EXPECT_THAT(config, HasViolation("LOG_LEVEL"));
}

TEST(Config, WhoMigratesNeedsNoCertificates) {
  const std::map<std::string, std::string> environment = {
      {"LISTEN_ADDRESS", "0.0.0.0:1"}, {"TLS_CERT_FILE", "/nowhere"}, {"TLS_KEY_FILE", "/nowhere"}};
  EXPECT_THAT(Read(environment, Purpose::kMigrate), IsOk());
  EXPECT_THAT(Read(environment), HasViolation("TLS_CERT_FILE"));
}

TEST(Config, AsksForTheDatabase) {
  EXPECT_THAT(Read({{"BENCHMARK_SOURCE", "postgresql"}}), HasViolation("DATABASE_URL"));
  const auto config = Read({{"BENCHMARK_SOURCE", "postgresql"}, {"DATABASE_URL", "postgresql://localhost/loadline"}});
  ASSERT_THAT(config, IsOk());
  EXPECT_EQ(config->backend, Backend::kPostgres);
  EXPECT_EQ(config->database.max_connections, 16);
}

TEST(Config, NamesNoUrlThatIsWrong) {
  const auto config = Read({{"DATABASE_READ_URL", "postgresql://me:tell-nobody@[half"}});
  ASSERT_THAT(config, HasViolation("DATABASE_READ_URL"));
  EXPECT_THAT(config.error().message, Not(HasSubstr("tell-nobody")));
}

TEST(Config, KeepsNoMoreConnectionsThanItMayOpen) {
  EXPECT_THAT(Read({{"DATABASE_MIN_CONNECTIONS", "4"}, {"DATABASE_MAX_CONNECTIONS", "3"}}),
              HasViolation("DATABASE_MIN_CONNECTIONS"));
}

TEST(Usage, ListsEverySetting) {
  const auto config = Read({}).value();
  for (const auto& setting : config.effective) {
    EXPECT_THAT(Usage(), HasSubstr(setting.substr(0, setting.find('=')))) << setting;
  }
}

}  // namespace
}  // namespace loadline::store
