#include "cli/importers/inferencemax/inferencemax.h"

#include <gmock/gmock.h>

#include "tests/unit/cli/importers/the_point.h"

namespace loadline::cli {
namespace {

using domain::Reading;
using ::testing::SizeIs;

TEST(InferenceMax, ReadsAResultOfTheFirstLayout) {
  const ImportedReport report = ReadFixture("inferencemax/v1.json", {});
  EXPECT_EQ(report.format, "inferencemax/agg");
  const auto& m = report.rows.at(0).measurement;
  EXPECT_EQ(m.configuration.ToString(), "Example-Org/Model-7B fp8 on 4x H200, vllm 0.11.0");
  EXPECT_EQ(m.ttft, Latency(250.0, 240.0, 300.0, kAbsent, 400.0));
  EXPECT_EQ(m.itl, Latency(15.6, 15.5, 18.0, kAbsent, 30.0));
  EXPECT_EQ(m.tpot, Latency(15.5, 15.0, 16.0, kAbsent, 17.0));
  EXPECT_EQ(m.e2e, Latency(16'000.0, 15'900.0, 17'000.0, kAbsent, 18'000.0));
  EXPECT_EQ(m.load.concurrency, Reading(16.0));
  EXPECT_EQ(m.load.achieved_rps, Reading(1.0));  // 16 in flight, 16 s each
  EXPECT_EQ(m.tokens_per_second, Reading(960.0));
  EXPECT_EQ(m.input_lengths.nominal, Reading(1024.0));
  EXPECT_FALSE(m.input_lengths.mean);
}

TEST(InferenceMax, CountsPipelineAndPrefillContextButNotExpertParallel) {
  EXPECT_EQ(ConfigurationIn("inferencemax/array.json", {}, 2).hardware_count, 16);
}

TEST(InferenceMax, KeepsSpeculativeDecodingApartAndItlPerToken) {
  const ImportedReport report = ReadFixture("inferencemax/array.json", {});
  ASSERT_THAT(report.rows, SizeIs(3));
  EXPECT_EQ(report.rows[0].measurement.configuration.framework_version, "0.11.0");
  EXPECT_EQ(report.rows[1].measurement.configuration.framework_version, "0.11.0+mtp");
  EXPECT_EQ(report.rows[1].measurement.itl, report.rows[1].measurement.tpot);
  EXPECT_FALSE(report.rows[1].measurement.chunk_gap.empty());
  EXPECT_TRUE(report.rows[0].measurement.chunk_gap.empty());
}

TEST(InferenceMax, CountsTheGpusOfSplitStacksOnceEach) {
  const ImportedReport report = ReadFixture("inferencemax/v2.json", {});
  ASSERT_THAT(report.rows, SizeIs(2));
  const auto& split = report.rows[0].measurement;
  EXPECT_EQ(split.configuration.ToString(), "Example-Org/Model-7B fp8 on 32x GB200, dynamo-sglang 0.5.1+8p24d");
  EXPECT_EQ(split.tokens_per_second, Reading(240.0 * 24));
  const auto& together = report.rows[1].measurement;
  EXPECT_EQ(together.configuration.ToString(), "Example-Org/Model-7B fp8 on 8x B300, dynamo-sglang 0.5.1");
  EXPECT_EQ(together.tokens_per_second, Reading(240.0 * 8));
}

TEST(InferenceMax, FindsTheLengthsOfTheOldestInTheFilesName) {
  const ImportedReport report = ReadFixture("inferencemax/oldest_8k1k_h100.json", {.overrides = {.framework = "trt"}});
  const auto& m = report.rows.at(0).measurement;
  EXPECT_EQ(m.input_lengths.nominal, Reading(8192.0));
  EXPECT_EQ(m.output_lengths.nominal, Reading(1024.0));
  EXPECT_EQ(m.configuration.hardware, "H100");
  EXPECT_NEAR(*m.tokens_per_second, 500.0 * 4 / 9, 1e-9);  // outputs are a ninth of all tokens
}

TEST(InferenceMax, AHyphenBeforeALengthIsNoSign) {
  ReportFile file = Fixture("inferencemax/oldest_8k1k_h100.json");
  file.path = "oldest-8k1k-h100.json";
  const auto report = ReadReport(file, {.overrides = {.framework = "trt"}});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->rows.at(0).measurement.input_lengths.nominal, Reading(8192.0));
}

TEST(InferenceMax, RefusesARunInWhichAllFailed) {
  EXPECT_THAT(ReadReport(Fixture("inferencemax/all_failed.json"), {}),
              testing::Fails(base::ErrorCode::kInvalidArgument, "ALL_REQUESTS_FAILED"));
}

TEST(InferenceMax, RefusesRunsOfAgents) {
  EXPECT_THAT(ReadReport(Fixture("unusable/agentic.json"), {}),
              testing::Fails(base::ErrorCode::kInvalidArgument, "NOT_A_REPORT"));
}

TEST(HardwareOfPool, IsTheGpuInItsName) {
  const std::pair<const char*, const char*> pools[] = {{"h100", "H100"},
                                                       {"h200-trt", "H200"},
                                                       {"b200-multinode-slurm", "B200"},
                                                       {"mi355x-amds_2", "MI355X"},
                                                       {"cluster:gb200-nvs", "GB200"},
                                                       {"h100-dgxc-slurm_3", "H100"},
                                                       {"b300-nv", "B300"},
                                                       {"mi300x-amd-disagg", "MI300X"},
                                                       {"mi300x-disagg-amd", "MI300X"},
                                                       {"", ""}};
  for (const auto& [pool, gpu] : pools) EXPECT_EQ(HardwareOfPool(pool), gpu) << pool;
}

TEST(InferenceMax, AnUnknownNumberOfGpusGivesNoTokenRate) {
  auto result = nlohmann::json::parse(Fixture("inferencemax/v1.json").text.view());
  result["tp"] = 20'000;
  const auto m = ReadClean(Text(result.dump()), {.overrides = {.hardware_count = 4}}).rows.at(0).measurement;
  EXPECT_FALSE(m.tokens_per_second);
}

TEST(InferenceMax, WithoutThePrefillGpusTheirNumberIsAskedFor) {
  auto result = nlohmann::json::parse(Fixture("inferencemax/v1.json").text.view());
  result["disagg"] = true;
  result["prefill_tp"] = 4;
  result["num_decode_gpu"] = 8;
  EXPECT_THAT(ReadReport(Text(result.dump()), {}),
              testing::Fails(base::ErrorCode::kInvalidArgument, "MISSING_SETTING"));
}

}  // namespace
}  // namespace loadline::cli
