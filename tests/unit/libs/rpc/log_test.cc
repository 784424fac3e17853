#include "libs/rpc/log.h"

#include <gmock/gmock.h>
#include <grpc/support/log.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <thread>

namespace loadline::rpc {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

template <typename Action>
std::string WrittenBy(const Action& action) {
  ::testing::internal::CaptureStderr();
  action();
  return ::testing::internal::GetCapturedStderr();
}

std::string Line(const std::string& format, const LogFields& fields) {
  ConfigureLog("store", format, "info");
  return WrittenBy([&] { Log(LogLevel::kInfo, "listening", fields); });
}

nlohmann::json JsonLine(const LogFields& fields) { return nlohmann::json::parse(Line("json", fields)); }

TEST(Log, AJsonLineIsOneObject) {
  const auto line = JsonLine({{"address", "127.0.0.1"}, {"port", "50051"}});
  EXPECT_EQ(line.at("level"), "info");
  EXPECT_EQ(line.at("service"), "store");
  EXPECT_EQ(line.at("event"), "listening");
  EXPECT_EQ(line.at("address"), "127.0.0.1");
  EXPECT_EQ(line.at("port"), "50051");
}

TEST(Log, TimesAreUtcWithMilliseconds) {
  EXPECT_TRUE(std::regex_match(JsonLine({}).at("time").get<std::string>(),
                               std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)")));
}

TEST(Log, ValuesCannotForgeALine) {
  const std::string value = "a\n{\"event\":\"listening\"}\t\"quoted\" \\ %n {} \x01";
  const auto text = Line("json", {{"message", value}});
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  EXPECT_EQ(nlohmann::json::parse(text).at("message"), value);
}

TEST(Log, BytesThatAreNotUtf8AreReplaced) { EXPECT_EQ(JsonLine({{"name", "a\xff"}}).at("name"), "a\uFFFD"); }

TEST(Log, ALongValueIsCut) {
  const std::string value(1 << 20, 'x');
  EXPECT_EQ(JsonLine({{"name", value}}).at("name"), value.substr(0, 4096) + "...");
  EXPECT_LT(Line("text", {{"name", value}}).size(), 5000u);
}

TEST(Log, TextQuotesOnlyWhatNeedsIt) {
  EXPECT_THAT(Line("text", {{"port", "50051"}, {"message", "two words\n"}, {"none", ""}}),
              EndsWith(" info store listening port=50051 message=\"two words\\n\" none=\"\"\n"));
}

TEST(Log, LowerLevelsAreNotWritten) {
  ConfigureLog("store", "json", "warning");
  EXPECT_FALSE(LogEnabled(LogLevel::kInfo));
  EXPECT_TRUE(LogEnabled(LogLevel::kWarning));
  EXPECT_THAT(WrittenBy([] { Log(LogLevel::kInfo, "quiet"); }), IsEmpty());
  EXPECT_THAT(WrittenBy([] { Log(LogLevel::kError, "loud"); }), HasSubstr(R"("level":"error")"));
}

TEST(Log, EveryLevelHasItsName) {
  for (const std::string level : {"debug", "info", "warning", "error"}) {
    ConfigureLog("store", "json", level);
    EXPECT_EQ(LogEnabled(LogLevel::kDebug), level == "debug");
    EXPECT_EQ(LogEnabled(LogLevel::kInfo), level == "debug" || level == "info");
    EXPECT_EQ(LogEnabled(LogLevel::kWarning), level != "error");
    EXPECT_TRUE(LogEnabled(LogLevel::kError));
  }
}

TEST(Log, LinesOfManyThreadsStayWhole) {
  ConfigureLog("store", "json", "info");
  const auto text = WrittenBy([] {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([] {
        for (int i = 0; i < 100; ++i) Log(LogLevel::kInfo, "tick", {{"text", std::string(100, 'x')}});
      });
    }
  });
  std::istringstream lines(text);
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) EXPECT_TRUE(nlohmann::json::accept(line)) << line;
  EXPECT_EQ(count, 400);
}

TEST(Log, WhatGrpcSaysIsInOurFormat) {
  ConfigureLog("store", "json", "info");
  const auto line = nlohmann::json::parse(WrittenBy([] { gpr_log(GPR_ERROR, "a \"port\" is %s", "taken"); }));
  EXPECT_EQ(line.at("event"), "grpc");
  EXPECT_EQ(line.at("message"), "a \"port\" is taken");
}

}  // namespace
}  // namespace loadline::rpc
