#include <gmock/gmock.h>

#include "cli/importers/inference_perf/manifests.h"
#include "tests/unit/cli/importers/the_point.h"

namespace loadline::cli {
namespace {

using domain::Reading;
using ::testing::Contains;
using ::testing::HasSubstr;

/// The fixture `name` in a folder with these files of the same folder.
ReportFile InFolder(const std::string& name, const std::vector<std::string>& neighbours) {
  ReportFile file = Fixture("inference_perf/" + name);
  file.neighbours.names = [neighbours] { return neighbours; };
  file.neighbours.read = [neighbours](const std::string& beside) -> std::optional<std::string> {
    const bool is_there = std::find(neighbours.begin(), neighbours.end(), beside) != neighbours.end();
    if (!is_there) return std::nullopt;
    return std::string(Fixture("inference_perf/" + beside).text.view());
  };
  return file;
}

TEST(InferencePerf, ReadsAStageInSeconds) {
  const ImportedReport report = ReadFixture("inference_perf/stage_0_lifecycle_metrics.json");
  EXPECT_EQ(report.format, "inference-perf/lifecycle");
  const auto& m = report.rows.at(0).measurement;
  ExpectThePoint(m);
  EXPECT_EQ(m.load.offered_rps, Reading(2.55));
  EXPECT_EQ(m.completed_requests, 100);
  EXPECT_EQ(m.failed_requests, 2);
}

TEST(InferencePerf, ReadsEveryVersion) {
  for (const char* name : {"inference_perf/v01.json", "inference_perf/v06.yaml"}) {
    SCOPED_TRACE(name);
    ExpectThePoint(ReadFixture(name).rows.at(0).measurement);
  }
  EXPECT_EQ(ReadFixture("inference_perf/v06.yaml").rows.at(0).measurement.load.concurrency, Reading(4.0));
}

TEST(InferencePerf, ItlIsThatOfRequestsUnlessTheGapsAreAskedFor) {
  ImportOptions options = AllSettings();
  const ImportedRow row = ReadFixture("inference_perf/v01.json", options).rows.at(0);
  ExpectNear(row.measurement.itl, PointItl(), "itl");
  ExpectNear(row.measurement.tpot, PointItl(), "tpot");
  EXPECT_THAT(row.warnings, Contains(HasSubstr("10 ms on average, are of several tokens")));
  ExpectNear(row.measurement.chunk_gap, Latency(10.0, 0.045, 25.0, 30.0, 40.0), "chunk_gap");
  options.itl_from = ItlFrom::kGaps;
  ExpectNear(ReadFixture("inference_perf/v01.json", options).rows.at(0).measurement.itl,
             Latency(10.0, 0.045, 25.0, 30.0, 40.0), "itl");
}

TEST(InferencePerf, KnowsTheModelFromTheConfigurationBesideIt) {
  const auto report = ReadReport(InFolder("stage_0_lifecycle_metrics.json", {"config.yaml"}),
                                 {.overrides = {.hardware = "L4", .hardware_count = 1}});
  ASSERT_THAT(report, testing::IsOk());
  const auto& m = report->rows.at(0).measurement;
  EXPECT_EQ(m.configuration.ToString(), "Example-Org/Model-7B on 1x L4, vllm");
  EXPECT_EQ(m.input_lengths.nominal, Reading(512.0));
  EXPECT_EQ(m.input_lengths.stdev, Reading(16.0));
  EXPECT_EQ(m.output_lengths.nominal, Reading(128.0));
}

TEST(InferencePerf, KnowsTheHardwareFromTheManifestsBesideIt) {
  const auto report = ReadReport(InFolder("stage_0_lifecycle_metrics.json", {"manifests.yaml"}), {});
  ASSERT_THAT(report, testing::IsOk());
  EXPECT_EQ(report->rows.at(0).measurement.configuration.ToString(),
            "Example-Org/Manifest-7B on 2x NVIDIA-H100-80GB-HBM3, vllm 0.11.0");
}

TEST(InferencePerf, AsksForEverythingWhereItLiesAlone) {
  const auto report = ReadReport(Fixture("inference_perf/v01.json"), {});
  for (const char* flag : {"--model", "--hardware", "--hardware-count", "--framework"}) {
    EXPECT_THAT(report, testing::HasViolation(flag));
  }
}

TEST(InferencePerf, PassesOverTheSummaryOfStagesThatLieBesideIt) {
  EXPECT_THAT(ReadReport(InFolder("summary_lifecycle_metrics.json", {"stage_0_lifecycle_metrics.json"}), AllSettings()),
              testing::Fails(base::ErrorCode::kInvalidArgument, "NOT_NEEDED"));
  const ImportedReport alone = ReadFixture("inference_perf/summary_lifecycle_metrics.json");
  EXPECT_THAT(alone.rows.at(0).warnings, Contains(HasSubstr("a summary of all stages")));
  EXPECT_FALSE(alone.rows[0].measurement.load.offered_rps);
}

TEST(InferencePerf, PassesOverMetricsOfTheServer) {
  ReportFile file = Fixture("unusable/prometheus.json");
  file.neighbours.names = [] { return std::vector<std::string>{"stage_0_lifecycle_metrics.json"}; };
  EXPECT_THAT(ReadReport(file, AllSettings()), testing::Fails(base::ErrorCode::kInvalidArgument, "NOT_NEEDED"));
}

TEST(InferencePerf, TakesNullForNotMeasured) {
  const auto m = ReadFixture("inference_perf/not_streamed.json").rows.at(0).measurement;
  EXPECT_TRUE(m.ttft.empty());
  EXPECT_TRUE(m.itl.empty());
  EXPECT_FALSE(m.e2e.empty());
}

TEST(ConfigurationOfManifests, SaysNothingForWhatIsNoManifest) {
  for (const char* text : {"", "a: 1", "- 1", "spec: {template: {spec: {containers: [{image: 7}]}}}", "a: [", "\xFF"}) {
    const auto configuration = ConfigurationOfManifests(text);
    EXPECT_EQ(configuration.hardware_count, 0) << text;
    EXPECT_EQ(configuration.framework, "") << text;
  }
}

TEST(ConfigurationOfManifests, TakesTensorParallelWhereNoGpusAreAskedFor) {
  const auto configuration = ConfigurationOfManifests(
      "spec: {template: {spec: {containers: [{image: 'org/sglang:1.2', args: ['--tensor-parallel-size=4']}]}}}");
  EXPECT_EQ(configuration.hardware_count, 4);
  EXPECT_EQ(configuration.framework, "sglang");
  EXPECT_EQ(configuration.framework_version, "1.2");
}

}  // namespace
}  // namespace loadline::cli
