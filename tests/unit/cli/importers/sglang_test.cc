#include <gmock/gmock.h>

#include "libs/json/benchmark_json.h"
#include "tests/unit/cli/importers/the_point.h"

namespace loadline::cli {
namespace {

using domain::Reading;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

const ImportOptions kHardware = {.overrides = {.hardware = "H100"}};

TEST(Sglang, ReadsEveryLine) {
  const ImportedReport report = ReadFixture("sglang/results.jsonl", kHardware);
  EXPECT_EQ(report.format, "sglang/bench-serving");
  ASSERT_THAT(report.rows, SizeIs(5));
  const auto& m = report.rows[0].measurement;
  EXPECT_EQ(m.configuration.ToString(), "Example-Org/Model-7B fp8 on 4x H100, sglang 0.5.5");
  EXPECT_EQ(m.ttft, Latency(230.0, 220.0, kAbsent, kAbsent, 320.0));
  EXPECT_EQ(m.itl, Latency(10.2, 9.9, kAbsent, 12.0, 15.0));
  EXPECT_EQ(m.tpot, Latency(10.0, 9.5, kAbsent, kAbsent, 13.0));
  EXPECT_EQ(m.e2e, Latency(1500.0, 1450.0, 1700.0, kAbsent, 2000.0));
  EXPECT_EQ(m.load, (domain::Load{.offered_rps = 2.75, .achieved_rps = 2.5, .concurrency = 3.75}));
  EXPECT_EQ(m.input_lengths, (domain::TokenLengths{.mean = 512.0, .nominal = 512.0}));
  EXPECT_EQ(m.completed_requests, 200);
  EXPECT_EQ(report.rows[4].location, "line 5");
}

TEST(Sglang, TakesABareInfinityForNoLimit) {
  const ImportedReport report = ReadFixture("sglang/results.jsonl", kHardware);
  EXPECT_FALSE(report.rows.at(1).measurement.load.offered_rps);
  EXPECT_TRUE(report.rows[1].measurement.load.saturated);
  EXPECT_FALSE(report.rows[2].measurement.load.saturated);    // at most 8 in flight
  EXPECT_FALSE(report.rows[3].measurement.load.offered_rps);  // "trace"
}

TEST(Sglang, DoesNotTakeTheLengthsThatWereDrawnFromForThoseThatCame) {
  const ImportedReport report = ReadFixture("sglang/results.jsonl", kHardware);
  EXPECT_FALSE(report.rows.at(1).measurement.input_lengths.nominal);
  EXPECT_EQ(report.rows[1].measurement.input_lengths.mean, Reading(512.0));
}

TEST(Sglang, TakesTpotForItlWhereChunksHoldSeveralTokens) {
  const auto m = ReadFixture("sglang/results.jsonl", kHardware).rows.at(2).measurement;
  EXPECT_EQ(m.itl, m.tpot);
}

TEST(Sglang, AnOldLineLacksItsModel) {
  const ImportedReport report = ReadFixture("sglang/results.jsonl", kHardware);
  EXPECT_THAT(report.rows.at(4).problems, ::testing::Contains(HasSubstr("--model sets it")));
}

TEST(Sglang, ALineThatIsCutWithinTheServersKeyShowsNothingOfIt) {
  std::string text(Fixture("sglang/results.jsonl").text.view());
  text += R"({"backend": "sglang", "server_info": {"tp_size": 2, "api_key": "sk-SECR)";
  const auto report = ReadReport(Text(text), kHardware);
  ASSERT_THAT(report, testing::IsOk());
  ASSERT_THAT(report->rows, SizeIs(6));
  EXPECT_THAT(report->rows[0].problems, ::testing::IsEmpty());
  EXPECT_THAT(report->rows[5].problems,
              ::testing::ElementsAre(::testing::AllOf(HasSubstr("not valid JSON"), Not(HasSubstr("SECR")))));
}

TEST(Sglang, NothingOfTheServersKeyIsKept) {
  ImportOptions options = kHardware;
  options.explain = true;
  for (const ImportedRow& row : ReadFixture("sglang/results.jsonl", options).rows) {
    std::string all = json::WriteMeasurement(row.measurement).dump();
    for (const auto& source : row.sources) all += source.from;
    for (const auto& problem : row.problems) all += problem;
    EXPECT_THAT(all, Not(HasSubstr("SECRET")));
  }
}

}  // namespace
}  // namespace loadline::cli
