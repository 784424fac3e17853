#include "cli/traffic/read_trace.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <numeric>
#include <sstream>

#include "cli/traffic/line_source.h"
#include "libs/testing/matchers.h"
#include "libs/testing/temp_dir.h"

namespace loadline::cli {
namespace {

using base::ErrorCode;
using loadline::testing::Fails;
using loadline::testing::IsOk;
using ::testing::AllOf;
using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

std::string Fixture(const std::string& name) {
  return std::filesystem::path(LOADLINE_SOURCE_DIR) / "tests/fixtures/traces" / name;
}

base::Result<TrafficProfile> Read(const std::string& text) {
  std::istringstream in(text);
  return ReadTrace(in);
}

/// A trace in the form of BurstGPT; each row is "time,input,output".
base::Result<TrafficProfile> ReadRows(const std::vector<std::string>& rows) {
  std::string text = "Timestamp,Request tokens,Response tokens\n";
  for (const auto& row : rows) text += row + "\n";
  return Read(text);
}

std::string MessageOf(const base::Result<TrafficProfile>& profile) { return profile ? "" : profile.error().message; }

double MeanOf(const TrafficProfile& profile, double LengthShare::*side) {
  double mean = 0;
  for (const auto& share : profile.lengths) mean += share.weight * share.*side;
  return mean;
}

TEST(ReadTraceTest, AnAzureTraceByHand) {
  const auto profile = ReadTraceFile(Fixture("azure.csv"));
  ASSERT_THAT(profile, IsOk());
  EXPECT_EQ(profile->format, "Azure LLM inference trace");
  EXPECT_EQ(profile->requests, 4);
  EXPECT_EQ(profile->left_out, 1) << "it brought no output";
  EXPECT_NEAR(profile->seconds, 4, 1e-6);
  EXPECT_NEAR(profile->mean_rps, 1, 1e-6);
  EXPECT_NEAR(profile->peak_rps, 1, 1e-6) << "shorter than a minute: its whole length counts";
  // Gaps 0.5, 3 and 0.5 s: mean 4/3, population variance 25/18.
  EXPECT_NEAR(profile->inter_arrival_cv, std::sqrt(25.0 / 18) / (4.0 / 3), 1e-6);
  EXPECT_EQ(profile->input_tokens.mean, 250);
  EXPECT_EQ(profile->output_tokens.mean, 25);
  EXPECT_EQ(profile->input_tokens.p50, 200);
  EXPECT_EQ(profile->output_tokens.p99, 40);
  EXPECT_THAT(profile->lengths, SizeIs(4));
}

TEST(ReadTraceTest, WindowsLineEndsOffsetsAndFurtherColumnsAreRead) {
  const auto profile = ReadTraceFile(Fixture("azure_crlf.csv"));
  ASSERT_THAT(profile, IsOk());
  EXPECT_EQ(profile->requests, 3);
  EXPECT_NEAR(profile->seconds, 2.5, 1e-6);
  EXPECT_EQ(profile->input_tokens.mean, 20);
}

TEST(ReadTraceTest, ABurstGptTraceMayStartAnywhereInTime) {
  const auto profile = ReadTraceFile(Fixture("burst_gpt.csv"));
  ASSERT_THAT(profile, IsOk());
  EXPECT_EQ(profile->format, "BurstGPT");
  EXPECT_EQ(profile->requests, 3);
  EXPECT_EQ(profile->left_out, 1);
  EXPECT_EQ(profile->seconds, 10);
  EXPECT_EQ(profile->input_tokens.mean, 210);
}

TEST(ReadTraceTest, AMooncakeTraceIsInMilliseconds) {
  const auto profile = ReadTraceFile(Fixture("mooncake.jsonl"));
  ASSERT_THAT(profile, IsOk());
  EXPECT_EQ(profile->format, "Mooncake");
  EXPECT_EQ(profile->requests, 4);
  EXPECT_EQ(profile->seconds, 10);
  EXPECT_EQ(profile->output_tokens.mean, 120);
}

TEST(ReadTraceTest, ThePeakIsTheBusiestMinuteWhereverItStarts) {
  std::vector<std::string> rows = {"0,10,10"};
  // 60 requests from second 90 to 149: two calendar minutes share them.
  for (int i = 0; i < 60; ++i) rows.push_back(fmt::format("{},10,10", 90 + i));
  rows.emplace_back("600,10,10");
  const auto profile = ReadRows(rows);
  ASSERT_THAT(profile, IsOk());
  EXPECT_EQ(profile->peak_rps, 1);
  EXPECT_NEAR(profile->mean_rps, 62.0 / 600, 1e-12);
  EXPECT_NEAR(profile->peak_to_mean, 600.0 / 62, 1e-12);
}

TEST(ReadTraceTest, EveryHourHasItsRateAndTheLastCountsAsLongAsItWas) {
  const auto profile = ReadRows({"0,10,10", "10,10,10", "3600,10,10", "10700,10,10", "10800,1,1", "11700,10,10"});
  ASSERT_THAT(profile, IsOk());
  EXPECT_THAT(profile->hourly_rps, ElementsAre(2.0 / 3600, 1.0 / 3600, 1.0 / 3600, 2.0 / 900));
}

TEST(ReadTraceTest, EvenArrivalsHaveNoBurstiness) {
  const auto profile = ReadRows({"5,10,10", "6,10,10", "7,10,10", "8,10,10"});
  ASSERT_THAT(profile, IsOk());
  EXPECT_EQ(profile->inter_arrival_cv, 0);
}

TEST(ReadTraceTest, BinsKeepTheMeanLengthsAndAddUpToOne) {
  std::vector<std::string> rows;
  double input = 0;
  double output = 0;
  for (int i = 1; i <= 3000; ++i) {
    const int in = 1 + (i * 7919) % 100'000;
    const int out = 1 + (i * 104'729) % 5000;
    input += in;
    output += out;
    rows.push_back(fmt::format("{},{},{}", i, in, out));
  }
  const auto profile = ReadRows(rows);
  ASSERT_THAT(profile, IsOk());
  EXPECT_NEAR(MeanOf(*profile, &LengthShare::input_tokens), input / 3000, 1e-6 * input / 3000);
  EXPECT_NEAR(MeanOf(*profile, &LengthShare::output_tokens), output / 3000, 1e-6 * output / 3000);
  double weights = 0;
  for (const auto& share : profile->lengths) weights += share.weight;
  EXPECT_NEAR(weights, 1, 1e-9);
  EXPECT_LT(profile->lengths.size(), 3000U);
}

TEST(ReadTraceTest, QuantilesAreWithinABin) {
  std::vector<std::string> rows;
  for (int i = 1; i <= 1000; ++i) rows.push_back(fmt::format("{},{},1", i, i));
  const auto profile = ReadRows(rows);
  ASSERT_THAT(profile, IsOk());
  EXPECT_THAT(profile->input_tokens.p50, DoubleNear(500, 5.5));
  EXPECT_THAT(profile->input_tokens.p95, DoubleNear(950, 10.5));
  EXPECT_THAT(profile->input_tokens.p99, DoubleNear(990, 10.9));
}

TEST(ReadTraceTest, LengthsOfAnySizeFitTheBins) {
  std::vector<std::string> rows;
  double in = 1;
  for (int i = 0; i < 100; ++i, in = std::min(1e7, in * 1.18)) {
    double out = 1;
    for (int j = 0; j < 100; ++j, out = std::min(1e7, out * 1.18)) {
      rows.push_back(fmt::format("{},{},{}", i * 100 + j, in, out));
    }
  }
  const auto profile = ReadRows(rows);
  ASSERT_THAT(profile, IsOk());
  EXPECT_LE(profile->lengths.size(), 8836U);
}

TEST(ReadTraceTest, TimeThatRunsBackwardsIsNamedByItsLine) {
  const auto profile = ReadRows({"1,10,10", "3,10,10", "2.5,10,10"});
  ASSERT_THAT(profile, Fails(ErrorCode::kInvalidArgument, "MALFORMED_TRACE"));
  EXPECT_THAT(MessageOf(profile), AllOf(HasSubstr("line 4"), HasSubstr("backwards by 0.5 s")));
}

TEST(ReadTraceTest, ARequestThatIsLeftOutMustBeInOrderToo) {
  EXPECT_THAT(MessageOf(ReadRows({"1,10,10", "9,10,0", "2,10,10"})), HasSubstr("line 4"));
}

TEST(ReadTraceTest, AnUnknownHeaderSaysWhatWasExpected) {
  const auto profile = Read("time,in,out\n1,2,3\n");
  ASSERT_THAT(profile, Fails(ErrorCode::kInvalidArgument, "NOT_A_TRACE"));
  EXPECT_THAT(MessageOf(profile),
              AllOf(HasSubstr("`time,in,out`"), HasSubstr("TIMESTAMP,ContextTokens,GeneratedTokens"),
                    HasSubstr("Request tokens"), HasSubstr("input_length")));
}

TEST(ReadTraceTest, EmptyTracesAreRefused) {
  const auto rows = std::vector<std::string>{};
  EXPECT_THAT(Read(""), Fails(ErrorCode::kInvalidArgument, "EMPTY_TRACE"));
  EXPECT_THAT(Read("\n \r\n"), Fails(ErrorCode::kInvalidArgument, "EMPTY_TRACE"));
  EXPECT_THAT(ReadRows(rows), Fails(ErrorCode::kInvalidArgument, "EMPTY_TRACE"));
  EXPECT_THAT(ReadRows({"1,10,10"}), Fails(ErrorCode::kInvalidArgument, "EMPTY_TRACE"));
  EXPECT_THAT(ReadRows({"1,10,10", "2,10,0"}), Fails(ErrorCode::kInvalidArgument, "EMPTY_TRACE"));
  EXPECT_THAT(ReadRows({"1,10,10", "1,10,10"}), Fails(ErrorCode::kInvalidArgument, "EMPTY_TRACE"));
  EXPECT_THAT(ReadRows({"0,10,10", "1e-300,10,10"}), Fails(ErrorCode::kInvalidArgument, "EMPTY_TRACE"));
}

class BadRowTest : public ::testing::TestWithParam<std::pair<std::string, std::string>> {};

TEST_P(BadRowTest, IsNamedByItsLineAndWhatIsWrong) {
  const auto& [row, complaint] = GetParam();
  const auto profile = ReadRows({"1,10,10", row, "900,10,10"});
  ASSERT_THAT(profile, Fails(ErrorCode::kInvalidArgument, "MALFORMED_TRACE"));
  EXPECT_THAT(MessageOf(profile), AllOf(HasSubstr("line 3: "), HasSubstr(complaint)));
}

INSTANTIATE_TEST_SUITE_P(Rows, BadRowTest,
                         ::testing::Values(std::pair("2,10", "2 columns"), std::pair("2,ten,10", "`ten`"),
                                           std::pair("2,-1,10", "`-1`"), std::pair("2,nan,10", "`nan`"),
                                           std::pair("inf,10,10", "`inf`"), std::pair("2,10,1e8", "tokens"),
                                           std::pair("2,0.25,10", "tokens"), std::pair("4e7,10,10", "a year")));

TEST(ReadTraceTest, BadLinesOfOtherFormatsAreNamedToo) {
  const std::string azure = "TIMESTAMP,ContextTokens,GeneratedTokens\n";
  EXPECT_THAT(MessageOf(Read(azure + "yesterday,1,1\n")), AllOf(HasSubstr("line 2"), HasSubstr("`yesterday`")));
  const std::string mooncake = "{\"timestamp\": 0, \"input_length\": 1, \"output_length\": 1}\n";
  EXPECT_THAT(MessageOf(Read(mooncake + "[]\n")), AllOf(HasSubstr("line 2"), HasSubstr("no JSON object")));
  EXPECT_THAT(MessageOf(Read(mooncake + "{\"timestamp\": -1}\n")), AllOf(HasSubstr("line 2"), HasSubstr("timestamp")));
}

TEST(ReadTraceTest, ALineWithoutEndIsRefused) {
  const auto profile = ReadRows({"1,10,10", std::string(LineSource::kMaxLineBytes + 1, '1')});
  ASSERT_THAT(profile, Fails(ErrorCode::kInvalidArgument, "MALFORMED_TRACE"));
  EXPECT_THAT(MessageOf(profile), HasSubstr("line 3"));
}

TEST(ReadTraceTest, AFileThatCannotBeReadSaysWhy) {
  EXPECT_THAT(MessageOf(ReadTraceFile("/nowhere/trace.csv")), HasSubstr("No such file"));
  const loadline::testing::TempDir folder;
  EXPECT_THAT(ReadTraceFile(folder.path()), Fails(ErrorCode::kInvalidArgument, "CANNOT_READ"));
}

/// Real traces, where they lie beside the repository.
class RealTraceTest : public ::testing::TestWithParam<std::pair<std::string, std::int64_t>> {};

TEST_P(RealTraceTest, IsReadWhole) {
  const auto& [name, requests] = GetParam();
  const auto path = std::filesystem::path(LOADLINE_SOURCE_DIR) / "../shared/data/traces" / name;
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not here";
  const auto profile = ReadTraceFile(path);
  ASSERT_THAT(profile, IsOk());
  EXPECT_EQ(profile->requests + profile->left_out, requests);
  EXPECT_GE(profile->peak_to_mean, 1);
  EXPECT_GT(profile->inter_arrival_cv, 0.5);
  EXPECT_NEAR(MeanOf(*profile, &LengthShare::input_tokens), profile->input_tokens.mean, 1e-6);
}

INSTANTIATE_TEST_SUITE_P(Traces, RealTraceTest,
                         ::testing::Values(std::pair("AzureLLMInferenceTrace_code.csv", 8819),
                                           std::pair("AzureLLMInferenceTrace_conv.csv", 19366),
                                           std::pair("mooncake_conversation_trace_first3000.jsonl", 3000)));

}  // namespace
}  // namespace loadline::cli
