#include "services/planner/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "libs/testing/matchers.h"

namespace loadline::planner {
namespace {

using loadline::testing::HasViolation;
using loadline::testing::IsOk;
using ::testing::HasSubstr;

base::Result<Config> Read(const std::map<std::string, std::string>& environment) {
  return ReadConfig([&](const std::string& name) -> std::optional<std::string> {
    const auto found = environment.find(name);
    return found == environment.end() ? std::nullopt : std::optional(found->second);
  });
}

TEST(PlannerConfigTest, HasDefaultsForEverything) {
  const auto config = Read({});
  ASSERT_THAT(config, IsOk());
  EXPECT_EQ(config->service.listen_address, "127.0.0.1:50052");
  EXPECT_EQ(config->store_address, "127.0.0.1:50051");
  EXPECT_EQ(config->service.limits.max_threads, 32);
  EXPECT_EQ(config->service.max_call, std::chrono::seconds(30));
  EXPECT_EQ(config->store_timeout, std::chrono::seconds(10));
  EXPECT_EQ(config->evidence_max_bytes, std::size_t{2} << 30);
  EXPECT_EQ(config->evidence_max_age, std::chrono::hours(24));
  EXPECT_TRUE(config->service.reflection);
  EXPECT_EQ(config->service.log.level, "info");
}

TEST(PlannerConfigTest, ReadsEverySetting) {
  const auto config = Read({{"LISTEN_ADDRESS", "0.0.0.0:1"},
                            {"ALLOW_PLAINTEXT", "true"},
                            {"BENCHMARK_STORE_ADDRESS", "store:2"},
                            {"MAX_THREADS", "3"},
                            {"MAX_CALL_MS", "4"},
                            {"STORE_TIMEOUT_MS", "5"},
                            {"EVIDENCE_MAX_BYTES", "6000000"},
                            {"EVIDENCE_MAX_AGE_MS", "7"},
                            {"SHUTDOWN_GRACE_MS", "8"},
                            {"REFLECTION", "false"},
                            {"LOG_FORMAT", "text"},
                            {"LOG_LEVEL", "debug"}});
  ASSERT_THAT(config, IsOk());
  EXPECT_EQ(config->service.listen_address, "0.0.0.0:1");
  EXPECT_EQ(config->store_address, "store:2");
  EXPECT_EQ(config->service.limits.max_threads, 3);
  EXPECT_EQ(config->service.max_call.count(), 4);
  EXPECT_EQ(config->store_timeout.count(), 5);
  EXPECT_EQ(config->evidence_max_bytes, 6'000'000U);
  EXPECT_EQ(config->evidence_max_age.count(), 7);
  EXPECT_EQ(config->service.shutdown_grace.count(), 8);
  EXPECT_FALSE(config->service.reflection);
  EXPECT_EQ(config->service.log.format, "text");
  EXPECT_EQ(config->service.log.level, "debug");
}

TEST(PlannerConfigTest, NamesEveryMistakeAtOnce) {
  const auto config = Read({{"MAX_THREADS", "1"}, {"STORE_TIMEOUT_MS", "soon"}, {"LOG_LEVEL", "loud"}});
  for (const auto* name : {"MAX_THREADS", "STORE_TIMEOUT_MS", "LOG_LEVEL"}) EXPECT_THAT(config, HasViolation(name));
}

TEST(PlannerConfigTest, PlaintextForOtherMachinesIsAMistakeBesideOthers) {
  const auto config = Read({{"LISTEN_ADDRESS", "0.0.0.0:1"}, {"LOG_LEVEL", "loud"}});
  for (const auto* name : {"LISTEN_ADDRESS", "LOG_LEVEL"}) EXPECT_THAT(config, HasViolation(name));
}

TEST(PlannerConfigTest, TheStoresCaMustBeThere) {
  EXPECT_THAT(Read({{"BENCHMARK_STORE_CA_FILE", "/nowhere"}}), HasViolation("BENCHMARK_STORE_CA_FILE"));
}

TEST(PlannerConfigTest, ANameForAStoreWithoutTlsIsAMistake) {
  EXPECT_THAT(Read({{"BENCHMARK_STORE_SERVER_NAME", "store"}}), HasViolation("BENCHMARK_STORE_SERVER_NAME"));
}

TEST(PlannerConfigTest, ItShowsTheStoreItsOwnCertificate) {
  Config config;
  config.service.tls.cert_file = "own.crt";
  config.service.tls.key_file = "own.key";
  config.service.tls.client_ca_file = "callers.crt";
  config.store_ca_file = "store.crt";
  const auto files = StoreFiles(config);
  EXPECT_EQ(files.certificate.path, "own.crt");
  EXPECT_EQ(files.key.path, "own.key");
  EXPECT_EQ(files.ca.path, "store.crt");
}

TEST(PlannerConfigTest, TheUsageNamesEverySetting) {
  const auto config = Read({});
  for (const auto& setting : config->effective) {
    EXPECT_THAT(Usage(), HasSubstr("  " + setting.substr(0, setting.find('=')) + " "));
    EXPECT_THAT(Usage(), HasSubstr("(" + setting.substr(setting.find('=') + 1) + ")"));
  }
}

}  // namespace
}  // namespace loadline::planner
