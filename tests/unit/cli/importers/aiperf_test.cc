#include <gmock/gmock.h>

#include "libs/json/timestamp.h"
#include "tests/unit/cli/importers/the_point.h"

namespace loadline::cli {
namespace {

using domain::Reading;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr double kConcurrency = 4;

TEST(Aiperf, ReadsTheExportOfVersion08) {
  const ImportedReport report =
      ReadFixture("aiperf/aiperf.json", {.overrides = {.hardware_count = 2, .framework = "vllm"}});
  EXPECT_EQ(report.format, "aiperf/json");
  const auto& m = report.rows.at(0).measurement;
  ExpectThePoint(m);
  EXPECT_EQ(m.configuration.model, "Example-Org/Model-7B");
  EXPECT_EQ(m.configuration.hardware, "NVIDIA H100 80GB HBM3");
  EXPECT_EQ(m.load.concurrency, Reading(kConcurrency));
  EXPECT_EQ(m.load.offered_rps, Reading(2.75));
  EXPECT_EQ(m.input_lengths.nominal, Reading(512.0));
  EXPECT_EQ(m.input_lengths.stdev, Reading(16.0));
  EXPECT_EQ(m.completed_requests, 200);
  EXPECT_EQ(m.failed_requests, 3);
  EXPECT_EQ(m.measured_at, json::ParseTimestamp("2026-01-02T03:04:05"));
  EXPECT_EQ(m.provenance.tool_version, "0.8.0");
}

TEST(Aiperf, DoesNotTakeTheGpusOfTheMachineForThoseOfTheReplica) {
  EXPECT_THAT(ReadReport(Fixture("aiperf/aiperf.json"), {.overrides = {.framework = "vllm"}}),
              testing::HasViolation("--hardware-count"));
}

TEST(Aiperf, FindsTheConfigurationOfEveryGeneration) {
  for (const char* name : {"aiperf/aiperf_010.json", "aiperf/genai_perf.json", "aiperf/genai_perf_2024.json"}) {
    SCOPED_TRACE(name);
    const ImportedReport report = ReadFixture(name, Hardware());
    const auto& m = report.rows.at(0).measurement;
    ExpectPointLatencies(m);
    EXPECT_EQ(m.configuration.model, "Example-Org/Model-7B");
    EXPECT_EQ(m.load.concurrency, Reading(kConcurrency));
    EXPECT_EQ(m.input_lengths.nominal, Reading(512.0));
    EXPECT_EQ(m.output_lengths.nominal, Reading(128.0));
  }
}

TEST(Aiperf, TellsTheTwoToolsApart) {
  EXPECT_EQ(ReadFixture("aiperf/aiperf_010.json").format, "aiperf/json");
  EXPECT_EQ(ReadFixture("aiperf/genai_perf.json").format, "genai-perf/json");
  EXPECT_EQ(ReadFixture("aiperf/genai_perf.json").rows.at(0).measurement.provenance.source, "genai-perf");
}

TEST(Aiperf, ReadsTextsInNanoseconds) {
  const auto m = ReadFixture("aiperf/genai_perf_2024.json").rows.at(0).measurement;
  ExpectThePoint(m);
}

TEST(Aiperf, ReadsBothCsvsByTheNamesOfTheirColumns) {
  for (const char* name : {"aiperf/aiperf.csv", "aiperf/genai_perf.csv"}) {
    SCOPED_TRACE(name);
    const ImportedReport report = ReadFixture(name);
    ExpectThePoint(report.rows.at(0).measurement);
    EXPECT_THAT(report.rows[0].problems, IsEmpty());
  }
  EXPECT_EQ(ReadFixture("aiperf/aiperf.csv").format, "aiperf/csv");
  EXPECT_EQ(ReadFixture("aiperf/genai_perf.csv").format, "genai-perf/csv");
  EXPECT_EQ(ReadFixture("aiperf/aiperf.csv").rows.at(0).measurement.completed_requests, 200);
}

TEST(Aiperf, ACsvAsksForTheModel) {
  EXPECT_THAT(ReadReport(Fixture("aiperf/genai_perf.csv"), Hardware()), testing::HasViolation("--model"));
}

TEST(Aiperf, DropsTtftAndItlWhereNothingWasStreamed) {
  const ImportedRow row = ReadFixture("aiperf/not_streaming.json").rows.at(0);
  EXPECT_TRUE(row.measurement.ttft.empty());
  EXPECT_TRUE(row.measurement.itl.empty());
  ExpectNear(row.measurement.e2e, PointE2e(), "e2e");
  EXPECT_THAT(row.warnings, ElementsAre(HasSubstr("nothing was streamed")));
}

TEST(Aiperf, SeesThatNothingWasStreamedThoughTheReportDoesNotSaySo) {
  auto profile = nlohmann::json::parse(Fixture("aiperf/not_streaming.json").text.view());
  profile["input_config"].erase("streaming");
  const auto report = ReadClean(Text(profile.dump()), AllSettings());
  EXPECT_TRUE(report.rows.at(0).measurement.ttft.empty());
}

TEST(Aiperf, WarnsOfInflatedOutputLengths) {
  const auto warnings = ReadFixture("aiperf/inflated.json").rows.at(0).warnings;
  EXPECT_THAT(warnings, ::testing::Contains(HasSubstr("2566 output tokens, but 500 were asked for")));
}

TEST(Aiperf, WarnsOfACancelledRun) {
  auto profile = nlohmann::json::parse(Fixture("aiperf/aiperf.json").text.view());
  profile["was_cancelled"] = true;
  EXPECT_THAT(ReadClean(Text(profile.dump()), AllSettings()).rows.at(0).warnings,
              ::testing::Contains(HasSubstr("cancelled")));
}

TEST(Aiperf, TakesTheGapsOfChunksForItlOnRequestOnly) {
  ImportOptions options = AllSettings();
  options.itl_from = ItlFrom::kGaps;
  const auto m = ReadFixture("aiperf/aiperf.json", options).rows.at(0).measurement;
  EXPECT_EQ(m.itl, Latency(40.0, 38.0, 45.0, 50.0, 60.0));
  EXPECT_EQ(m.tpot, PointItl());
}

TEST(Aiperf, TakesAMetricThatIsNullForNotMeasured) {
  auto profile = nlohmann::json::parse(Fixture("aiperf/aiperf.json").text.view());
  profile["time_to_first_token"] = nullptr;
  profile["request_latency"]["p95"] = nullptr;
  const auto report = ReadReport(Text(profile.dump()), AllSettings());
  ASSERT_THAT(report, testing::IsOk());
  const auto& row = report->rows.at(0);
  EXPECT_THAT(row.problems, IsEmpty());
  EXPECT_TRUE(row.measurement.ttft.empty());
  EXPECT_FALSE(row.measurement.e2e[domain::Statistic::kP95]);
  EXPECT_TRUE(row.measurement.e2e[domain::Statistic::kP99]);
}

TEST(Aiperf, KeepsTheGapsOfChunksBesideItl) {
  const auto m = ReadFixture("aiperf/aiperf.json").rows.at(0).measurement;
  EXPECT_EQ(m.chunk_gap, Latency(40.0, 38.0, 45.0, 50.0, 60.0));
}

TEST(Aiperf, RefusesAnUnknownUnit) {
  auto profile = nlohmann::json::parse(Fixture("aiperf/aiperf.json").text.view());
  profile["request_latency"]["unit"] = "fortnights";
  const auto report = ReadReport(Text(profile.dump()), AllSettings());
  ASSERT_THAT(report, testing::IsOk());
  EXPECT_THAT(report->rows.at(0).problems, ElementsAre("request_latency.unit: not a unit of time: \"fortnights\""));
}

}  // namespace
}  // namespace loadline::cli
