#include "cli/importers/guidellm/guidellm.h"

#include <gmock/gmock.h>

#include "tests/unit/cli/importers/reports.h"

namespace loadline::cli {
namespace {

using domain::Load;
using domain::Reading;
using domain::TokenLengths;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

base::Timestamp At(std::int64_t milliseconds) { return base::Timestamp(std::chrono::milliseconds(milliseconds)); }

/// The three benchmarks that all fixtures share: synchronous, at a rate,
/// throughput. Latencies of failed requests there are 9,000,000.
/// TPOT from 0.4 on is not taken, since it includes TTFT.
void ExpectTheThreeBenchmarks(const std::vector<ImportedRow>& rows,
                              const domain::LatencySummary& tpot = Latency(8.2, 8.1, 8.4, 8.5, 8.9)) {
  ASSERT_THAT(rows, SizeIs(3));
  const auto& sync = rows[0].measurement;
  EXPECT_EQ(sync.ttft, Latency(21.5, 21.0, 24.0, 25.5, 30.0));
  EXPECT_EQ(sync.itl, Latency(8.25, 8.2, 8.5, 8.6, 9.0));
  EXPECT_EQ(sync.tpot, tpot);
  EXPECT_EQ(sync.e2e, Latency(1067.5, 1060.0, 1090.0, 1100.0, 1150.0));
  EXPECT_EQ(sync.load, (Load{.achieved_rps = 0.9375, .concurrency = 0.99}));
  EXPECT_EQ(sync.tokens_per_second, Reading(120.5));
  EXPECT_EQ(sync.input_lengths.mean, Reading(255.0));
  EXPECT_EQ(sync.output_lengths.mean, Reading(120.5 / 0.9375));
  EXPECT_EQ(sync.completed_requests, 56);
  EXPECT_EQ(sync.failed_requests, 1);
  EXPECT_EQ(sync.measured_at, At(1'767'225'600'500));
  const auto& rate = rows[1].measurement;
  EXPECT_EQ(rate.load, (Load{.offered_rps = 2.5, .achieved_rps = 2.4375, .concurrency = 3.004}));
  EXPECT_EQ(rate.e2e, Latency(1232.5, 1220.0, 1300.0, 1330.0, 1400.0));
  EXPECT_EQ(rate.measured_at, At(1'767'225'700'500));
  const auto& throughput = rows[2].measurement;
  EXPECT_EQ(throughput.load, (Load{.achieved_rps = 12.25, .concurrency = 59.2, .saturated = true}));
  EXPECT_EQ(throughput.ttft, Latency(900.25, 850.0, 1500.0, 1600.0, 1750.0));
  EXPECT_EQ(throughput.completed_requests, 735);
}

void ExpectNominalLengths(const ImportedReport& report, const TokenLengths& input, const TokenLengths& output) {
  for (const ImportedRow& row : report.rows) {
    TokenLengths expected_input = input;
    TokenLengths expected_output = output;
    expected_input.mean = row.measurement.input_lengths.mean;
    expected_output.mean = row.measurement.output_lengths.mean;
    EXPECT_EQ(row.measurement.input_lengths, expected_input) << row.location;
    EXPECT_EQ(row.measurement.output_lengths, expected_output) << row.location;
  }
}

TEST(Guidellm, ReadsGeneration0) {
  for (const char* name : {"guidellm/v0.json", "guidellm/v0.yaml"}) {
    SCOPED_TRACE(name);
    const ImportedReport report = ReadClean(Fixture(name), Hardware());
    EXPECT_EQ(report.format, "guidellm/v0");
    ExpectTheThreeBenchmarks(report.rows);
    ExpectNominalLengths(report, {.nominal = 256.0}, {.nominal = 128.0});
    EXPECT_EQ(report.rows[0].measurement.configuration.model, "Example-Org/Model-7B");
    EXPECT_EQ(report.rows[2].location, "benchmarks[2]");
  }
}

TEST(Guidellm, ReadsRowsOfTheOldCsvAsJson) {
  const ImportedReport report = ReadClean(Fixture("guidellm/v0_rows.json"), Hardware());
  EXPECT_EQ(report.format, "guidellm/v0-rows");
  ExpectTheThreeBenchmarks(report.rows);
  ExpectNominalLengths(report, {.nominal = 256.0}, {.nominal = 128.0});
  EXPECT_EQ(report.rows[0].measurement.configuration.model, "Example-Org/Model-7B");
  EXPECT_EQ(report.rows[2].location, "[2]");
}

TEST(Guidellm, ReadsTheOldCsvButForACutLine) {
  const auto report = ReadReport(Fixture("guidellm/v0.csv"), Hardware());
  ASSERT_THAT(report, testing::IsOk());
  EXPECT_EQ(report->format, "guidellm/v0-csv");
  ASSERT_THAT(report->rows, SizeIs(4));
  EXPECT_EQ(report->rows[2].location, "line 4");
  EXPECT_THAT(report->rows[2].problems, ElementsAre(HasSubstr("4 cells under 49 columns")));
  ExpectTheThreeBenchmarks({report->rows[0], report->rows[1], report->rows[3]});
  EXPECT_EQ(report->rows[3].location, "line 5");
}

TEST(Guidellm, ReadsGeneration1) {
  const TokenLengths input = {.nominal = 256.0, .stdev = 32.0, .min = 128.0, .max = 384.0};
  for (const char* name : {"guidellm/v1pre.json", "guidellm/v1.json"}) {
    SCOPED_TRACE(name);
    const ImportedReport report = ReadClean(Fixture(name), Hardware());
    EXPECT_EQ(report.format, "guidellm/v1");
    ExpectTheThreeBenchmarks(report.rows, report.rows[0].measurement.itl);
    ExpectNominalLengths(report, input, {.nominal = 128.0});
    EXPECT_EQ(report.rows[0].measurement.configuration.model, "Example-Org/Model-7B");
    EXPECT_EQ(report.rows[2].measurement.configuration.model, "fallback/model");
  }
}

TEST(Guidellm, KnowsTheToolsVersionFromGeneration1On) {
  EXPECT_EQ(ReadClean(Fixture("guidellm/v1.json"), Hardware()).rows[0].measurement.provenance.tool_version, "0.5.1");
  EXPECT_EQ(ReadClean(Fixture("guidellm/v0.json"), Hardware()).rows[0].measurement.provenance.tool_version, "");
}

TEST(Guidellm, ReadsGeneration2WithLabelsForWhatItCannotKnow) {
  const ImportedReport report = ReadClean(Fixture("guidellm/v2.json"));
  EXPECT_EQ(report.format, "guidellm/v2");
  ASSERT_THAT(report.rows, SizeIs(3));
  EXPECT_EQ(report.rows[0].measurement.configuration, (domain::Configuration{.model = "Example-Org/Model-7B",
                                                                             .precision = "FP8",
                                                                             .hardware = "H200",
                                                                             .hardware_count = 4,
                                                                             .framework = "vllm",
                                                                             .framework_version = "0.12.0"}));
  EXPECT_EQ(report.rows[2].measurement.configuration.model, "spec/model");
  ExpectNominalLengths(report, {.nominal = 256.0, .min = 8.0, .max = 600.0}, {.nominal = 128.0, .stdev = 4.5});
  EXPECT_EQ(report.rows[0].measurement.ttft, Latency(21.5, 21.0, 24.0, 25.5, 30.0));
}

TEST(Guidellm, BelievesALabelThatSaysItWasNotMeasured) {
  auto report = nlohmann::json::parse(Fixture("guidellm/v2.json").text.view());
  EXPECT_EQ(ReadClean(Text(report.dump())).rows.at(0).measurement.provenance.origin, domain::Origin::kMeasured);
  report["config"]["metadata"]["labels"]["source"] = "synthetic";
  EXPECT_EQ(ReadClean(Text(report.dump())).rows.at(0).measurement.provenance.origin, domain::Origin::kSynthetic);
}

TEST(Guidellm, TakesConcurrentRunsForClosedLoops) {
  const auto load = ReadClean(Fixture("guidellm/v2.json")).rows.at(1).measurement.load;
  EXPECT_EQ(load, (Load{.achieved_rps = 2.4375, .concurrency = 3.004}));
}

TEST(Guidellm, TakesADistributionOfNothingForAbsent) {
  const auto m = ReadClean(Fixture("guidellm/v2.json")).rows.at(1).measurement;
  EXPECT_TRUE(m.ttft.empty());
  EXPECT_TRUE(m.itl.empty());
  EXPECT_TRUE(m.tpot.empty());
  EXPECT_EQ(m.e2e, Latency(1232.5, 1220.0, 1300.0, 1330.0, 1400.0));
}

TEST(Guidellm, ReadsTheRateOfEveryOpenLoopStrategy) {
  for (const char* type : {"constant", "poisson", "async"}) {
    nlohmann::json report = nlohmann::json::parse(Fixture("guidellm/v0.json").text.view());
    report["benchmarks"][0]["args"]["strategy"] = {{"type_", type}, {"rate", 1.5}};
    EXPECT_EQ(ReadClean(Text(report.dump()), Hardware()).rows[0].measurement.load.offered_rps, Reading(1.5)) << type;
  }
}

TEST(Guidellm, ReadsTheCsvWithThreeHeaderRowsButNoShiftedRow) {
  const auto report = ReadReport(Fixture("guidellm/v1.csv"), Hardware());
  ASSERT_THAT(report, testing::IsOk());
  EXPECT_EQ(report->format, "guidellm/v1-csv");
  ASSERT_THAT(report->rows, SizeIs(3));
  const auto& sync = report->rows[0].measurement;
  EXPECT_EQ(sync.configuration.model, "Example-Org/Model-7B");
  EXPECT_EQ(sync.ttft, Latency(21.5, 21.0, 24.0, 25.5, 30.0));
  EXPECT_EQ(sync.itl, Latency(8.25, 8.2, 8.5, 8.6, 9.0));
  EXPECT_EQ(sync.e2e, Latency(1067.5, 1060.0, 1090.0, 1100.0, 1150.0));
  EXPECT_EQ(sync.load, (Load{.achieved_rps = 0.9375, .concurrency = 0.99}));
  EXPECT_EQ(sync.completed_requests, 56);
  EXPECT_EQ(sync.input_lengths.nominal, Reading(256.0));
  EXPECT_EQ(sync.provenance.tool_version, "0.5.1");
  EXPECT_EQ(report->rows[1].measurement.load.offered_rps, Reading(2.5));
  EXPECT_EQ(report->rows[2].location, "line 6");
  EXPECT_THAT(report->rows[2].problems, ElementsAre(HasSubstr("Import the JSON file of the same run")));
}

TEST(Guidellm, NotesWhatCannotBeReadAndKeepsTheRest) {
  nlohmann::json report = nlohmann::json::parse(Fixture("guidellm/v0.json").text.view());
  auto& successful = report["benchmarks"][1]["metrics"]["time_to_first_token_ms"]["successful"];
  successful["mean"] = "fast";
  successful["median"] = nullptr;
  successful["percentiles"]["p99"] = "61";
  report["benchmarks"][2] = "cut";
  const auto read = ReadReport(Text(report.dump()), Hardware());
  ASSERT_THAT(read, testing::IsOk());
  EXPECT_THAT(read->rows[0].problems, SizeIs(0));
  EXPECT_THAT(read->rows[1].problems,
              ElementsAre("metrics.time_to_first_token_ms.successful.mean: not a number: \"fast\""));
  EXPECT_EQ(read->rows[1].measurement.ttft, Latency(kAbsent, kAbsent, 44.0, 50.0, 61.0));
  EXPECT_THAT(read->rows[2].problems, ElementsAre("not a JSON object"));
}

TEST(Guidellm, RefusesARunInWhichEveryRequestFailed) {
  nlohmann::json report = nlohmann::json::parse(Fixture("guidellm/v1.json").text.view());
  for (auto& benchmark : report["benchmarks"]) benchmark["metrics"]["request_totals"]["successful"] = 0;
  EXPECT_THAT(ReadReport(Text(report.dump()), Hardware()),
              testing::Fails(base::ErrorCode::kInvalidArgument, "ALL_REQUESTS_FAILED"));
}

TEST(Guidellm, AsksForTheModelWhereTheReportHasNone) {
  nlohmann::json report = nlohmann::json::parse(Fixture("guidellm/v1.json").text.view());
  report["args"]["model"] = nullptr;
  for (auto& benchmark : report["benchmarks"]) benchmark["config"]["backend"]["model"] = nullptr;
  EXPECT_THAT(ReadReport(Text(report.dump()), Hardware()), testing::HasViolation("--model"));
}

}  // namespace
}  // namespace loadline::cli
