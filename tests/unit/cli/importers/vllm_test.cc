#include "cli/importers/vllm/vllm.h"

#include <gmock/gmock.h>

#include "cli/importers/vllm/result.h"
#include "tests/unit/cli/importers/reports.h"

namespace loadline::cli {
namespace {

using domain::Load;
using domain::Reading;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

nlohmann::json Result() { return nlohmann::json::parse(Fixture("vllm/result.json").text.view()); }

domain::Measurement ReadOne(const nlohmann::json& result, const ImportOptions& options = Hardware()) {
  const ImportedReport report = ReadClean(Text(result.dump()), options);
  EXPECT_THAT(report.rows, SizeIs(1));
  return report.rows.empty() ? domain::Measurement{} : report.rows[0].measurement;
}

TEST(Vllm, ReadsAResult) {
  const domain::Measurement m = ReadOne(Result());
  EXPECT_EQ(m.configuration.model, "Example-Org/Model-7B");
  EXPECT_EQ(m.ttft, Latency(35.5, 33.0, kAbsent, kAbsent, 71.0));
  EXPECT_EQ(m.itl, Latency(9.7, 9.4, kAbsent, kAbsent, 14.0));
  EXPECT_EQ(m.tpot, Latency(9.75, 9.5, kAbsent, kAbsent, 12.5));
  EXPECT_TRUE(m.e2e.empty());
  EXPECT_EQ(m.load, (Load{.offered_rps = 5.0, .achieved_rps = 4.78}));
  EXPECT_EQ(m.tokens_per_second, Reading(611.9));
  EXPECT_EQ(m.input_lengths, (domain::TokenLengths{.mean = 256.0}));
  EXPECT_EQ(m.output_lengths, (domain::TokenLengths{.mean = 128.0}));
  EXPECT_EQ(m.completed_requests, 98);
  EXPECT_EQ(m.failed_requests, 2);
  EXPECT_EQ(m.measured_at, base::Timestamp(std::chrono::milliseconds(1'767'231'000'000)));  // 2026-01-01T01:30Z
  EXPECT_EQ(m.provenance.format, "vllm/bench-serve");
}

TEST(Vllm, ReadsJsonLinesButForABrokenOne) {
  const auto report = ReadReport(Fixture("vllm/results.jsonl"), Hardware());
  ASSERT_THAT(report, testing::IsOk());
  ASSERT_THAT(report->rows, SizeIs(3));
  EXPECT_EQ(report->rows[0].location, "line 1");
  EXPECT_EQ(report->rows[0].measurement.e2e, Latency(1280.0, 1275.0, 1400.0, 1450.0, 1600.0));
  EXPECT_EQ(report->rows[0].measurement.load, (Load{.achieved_rps = 4.78, .concurrency = 8.0}));
  EXPECT_EQ(report->rows[2].location, "line 4");
  EXPECT_EQ(report->rows[1].location, "line 2");
  EXPECT_THAT(report->rows[1].problems, ElementsAre(HasSubstr("not valid JSON at column ")));
}

TEST(Vllm, TakesEverythingAtOnceForSaturated) {
  const auto report = ReadReport(Fixture("vllm/results.jsonl"), Hardware());
  ASSERT_THAT(report, testing::IsOk());
  EXPECT_EQ(report->rows[2].measurement.load, (Load{.achieved_rps = 30.25, .saturated = true}));
}

TEST(Vllm, TakesInfinityOfPythonForInf) {
  std::string text = Result().dump();
  text.replace(text.find("\"request_rate\":5.0"), 18, "\"request_rate\":Infinity");
  EXPECT_TRUE(ReadClean(Text(text), Hardware()).rows.at(0).measurement.load.saturated);
}

TEST(Vllm, ReadsAnArray) {
  const auto report = ReadReport(Fixture("vllm/sweep.json"), Hardware());
  ASSERT_THAT(report, testing::IsOk());
  ASSERT_THAT(report->rows, SizeIs(4));
  EXPECT_THAT(report->rows[1].problems, IsEmpty());
  EXPECT_EQ(report->rows[3].location, "[3]");
  EXPECT_THAT(report->rows[3].problems, ElementsAre("not a result of vllm bench serve"));
}

TEST(Vllm, TakesNothingFromARunInWhichNothingCompleted) {
  const auto report = ReadReport(Fixture("vllm/sweep.json"), Hardware());
  ASSERT_THAT(report, testing::IsOk());
  const domain::Measurement& failed = report->rows[2].measurement;
  EXPECT_EQ(failed.completed_requests, 0);
  EXPECT_EQ(failed.failed_requests, 100);
  EXPECT_TRUE(failed.ttft.empty());
  EXPECT_FALSE(failed.load.achieved_rps.has_value());
}

TEST(Vllm, RefusesAFileInWhichNothingCompleted) {
  EXPECT_THAT(ReadReport(Fixture("vllm/all_failed.json"), Hardware()),
              testing::Fails(base::ErrorCode::kInvalidArgument, "ALL_REQUESTS_FAILED"));
}

TEST(Vllm, ReadsWhatPeopleAddAsMetadata) {
  EXPECT_EQ(ReadClean(Fixture("vllm/metadata.json")).rows.at(0).measurement.configuration,
            (domain::Configuration{.model = "Example-Org/Model-7B",
                                   .precision = "fp8",
                                   .hardware = "MI300X",
                                   .hardware_count = 8,
                                   .framework = "vllm",
                                   .framework_version = "0.11.2"}));
}

TEST(Vllm, DoesNotTakeTheClientsDialectForTheFramework) {
  nlohmann::json result = Result();
  result["backend"] = "vllm";
  EXPECT_THAT(ReadReport(Text(result.dump()), {.overrides = {.hardware = "H100", .hardware_count = 1}}),
              testing::HasViolation("--framework"));
}

TEST(Vllm, TakesTpotForItlWhereChunksHoldSeveralTokens) {
  const auto m = ReadClean(Fixture("vllm/chunked.json"), Hardware()).rows.at(0).measurement;
  EXPECT_EQ(m.itl, Latency(9.75, 9.5, kAbsent, kAbsent, 12.5));
  EXPECT_EQ(m.tpot, m.itl);
  const auto chunked = nlohmann::json::parse(Fixture("vllm/chunked.json").text.view());
  EXPECT_EQ(m.chunk_gap[domain::Statistic::kMean], domain::Reading(chunked["mean_itl_ms"].get<double>()));
  EXPECT_EQ(m.chunk_gap[domain::Statistic::kP99], domain::Reading(chunked["p99_itl_ms"].get<double>()));
}

TEST(Vllm, TellsWhereBothItlAndGapsComeFrom) {
  ImportOptions options = Hardware();
  options.explain = true;
  const auto row = ReadClean(Fixture("vllm/chunked.json"), options).rows.at(0);
  EXPECT_THAT(row.sources, ::testing::Contains(NumberSource{.field = "chunk_gap_mean", .from = "mean_itl_ms"}));
  EXPECT_THAT(row.sources, ::testing::Contains(NumberSource{
                               .field = "itl_mean", .from = "mean_tpot_ms, for the gaps are of several tokens"}));
}

struct Gaps {
  double itl_mean;
  double itl_median;
  bool replaced;
};

class ItlOfVllm : public ::testing::TestWithParam<Gaps> {};

TEST_P(ItlOfVllm, IsTpotOnlyWhereGapsAreNotTokens) {
  nlohmann::json result = Result();
  result["mean_tpot_ms"] = 10.0;
  result["mean_itl_ms"] = GetParam().itl_mean;
  result["median_itl_ms"] = GetParam().itl_median;
  const domain::Measurement m = ReadOne(result);
  EXPECT_EQ(m.itl == m.tpot, GetParam().replaced);
}

INSTANTIATE_TEST_SUITE_P(Vllm, ItlOfVllm,
                         ::testing::Values(Gaps{10, 10, false}, Gaps{8, 8, false}, Gaps{7.99, 8, true},
                                           Gaps{12.5, 12, false}, Gaps{12.51, 12, true}, Gaps{10, 2, false},
                                           Gaps{10, 1.99, true}));

TEST(Vllm, FillsInStatisticsFromSingleRequests) {
  // Requests that completed: (ttft, gaps) 20+36, 30+40, 40+40, 50+64 ms.
  const auto m = ReadClean(Fixture("vllm/detailed.json"), Hardware()).rows.at(0).measurement;
  const auto near = [](domain::Reading value, double expected) { EXPECT_NEAR(value.value_or(-1), expected, 1e-9); };
  const double e2e[] = {80, 75, 103.8, 108.9, 112.98};
  const double ttft[] = {36, 35, 47, 48.5, 49.7};  // the mean is the summary's own
  const double tpot[] = {14.5, 14, 18.8, 19.4, 19.88};
  const double itl[] = {180.0 / 13, 14, 19.2, 20, 20};
  for (const domain::Statistic statistic : domain::kStatistics) {
    const auto i = static_cast<std::size_t>(statistic);
    near(m.e2e[statistic], e2e[i]);
    near(m.ttft[statistic], ttft[i]);
    near(m.tpot[statistic], tpot[i]);
    near(m.itl[statistic], itl[i]);
  }
}

TEST(Vllm, NotesSingleRequestsThatCannotBeRead) {
  nlohmann::json result = nlohmann::json::parse(Fixture("vllm/detailed.json").text.view());
  result["ttfts"][1] = "soon";
  result["itls"][0][2] = nullptr;
  const auto report = ReadReport(Text(result.dump()), Hardware());
  ASSERT_THAT(report, testing::IsOk());
  EXPECT_THAT(report->rows[0].problems,
              ElementsAre("itls[0][2]: not a number: null", "ttfts[1]: not a number: \"soon\""));
}

TEST(Vllm, ReadsTheVariantInSeconds) {
  const auto m = ReadClean(Fixture("vllm/seconds.json"), Hardware()).rows.at(0).measurement;
  EXPECT_EQ(m.ttft, Latency(kAbsent, 125.0, kAbsent, kAbsent, 500.0));
  EXPECT_EQ(m.e2e, Latency(kAbsent, 4500.0, kAbsent, kAbsent, 6250.0));
  EXPECT_EQ(m.tpot, Latency(kAbsent, 32.5, kAbsent, kAbsent, 40.0));
  EXPECT_EQ(m.itl, m.tpot);
}

TEST(Vllm, ReadsTheMeanLatencyOf2024) {
  nlohmann::json result = Result();
  result["mean_latency_ms"] = 1280.5;
  EXPECT_EQ(ReadOne(result).e2e, Latency(1280.5, kAbsent, kAbsent, kAbsent, kAbsent));
}

TEST(Vllm, PrefersTheCountOfFailuresThatIsThere) {
  nlohmann::json result = Result();
  result["failed"] = 1;
  EXPECT_EQ(ReadOne(result).failed_requests, 1);
}

TEST(Vllm, AcceptsNumbersWrittenAsTexts) {
  nlohmann::json result = Result();
  result["mean_ttft_ms"] = "35.5";
  result["completed"] = "98";
  EXPECT_EQ(ReadOne(result).ttft, Latency(35.5, 33.0, kAbsent, kAbsent, 71.0));
}

TEST(Vllm, NotesADateThatIsNone) {
  nlohmann::json result = Result();
  result["date"] = "20261301-000000";
  const auto report = ReadReport(Text(result.dump()), Hardware());
  ASSERT_THAT(report, testing::IsOk());
  EXPECT_THAT(report->rows[0].problems, ElementsAre(HasSubstr("date: not a date")));
}

TEST(Vllm, FallsBackOnTheTokenizerForTheModel) {
  nlohmann::json result = Result();
  result["model_id"] = "/data/weights";
  EXPECT_EQ(ReadOne(result).configuration.model, "Example-Org/Model-7B");
}

TEST(Vllm, LeavesSglangsResultsAlone) {
  nlohmann::json result = Result();
  result["median_e2e_latency_ms"] = 1.0;
  EXPECT_FALSE(IsVllmResult(result));
}

TEST(Vllm, ComputesEndToEndLatenciesWithoutStreaming) {
  auto result = Result();
  for (const char* name : {"mean_e2el_ms", "ttfts", "itls", "latencies"}) result.erase(name);
  result["latencies"] = {1.0, 2.0, 3.0};
  const auto m = ReadOne(result);
  EXPECT_EQ(m.e2e, Latency(2000.0, 2000.0, 2800.0, 2900.0, 2980.0));
}

TEST(Vllm, GpusAreTheWaysOfTensorTimesPipelineParallelism) {
  auto result = Result();
  result["hardware"] = "H100";
  result["tensor_parallel_size"] = "4";
  result["pp"] = 2;
  EXPECT_EQ(ReadOne(result, {.overrides = {.framework = "vllm"}}).configuration.hardware_count, 8);
  result["hardware_count"] = 16;
  EXPECT_EQ(ReadOne(result, {.overrides = {.framework = "vllm"}}).configuration.hardware_count, 16);
}

TEST(Vllm, ABrokenLineOfAKeyIsNotShown) {
  const std::string lines = Result().dump() + "\n{\"api_key\": \"sk-secret-9f3\n";
  const auto report = ReadReport(Text(lines), Hardware());
  ASSERT_THAT(report, testing::IsOk());
  ASSERT_THAT(report->rows, SizeIs(2));
  EXPECT_THAT(report->rows[1].problems, ElementsAre(::testing::Not(HasSubstr("9f3"))));
}

}  // namespace
}  // namespace loadline::cli
