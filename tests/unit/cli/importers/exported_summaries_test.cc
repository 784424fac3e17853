#include "cli/importers/exported_summaries/exported_summaries.h"

#include <gmock/gmock.h>

#include "tests/unit/cli/importers/reports.h"

namespace loadline::cli {
namespace {

using domain::Origin;
using domain::Reading;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

ImportedReport ReadAny(const ReportFile& file, const ImportOptions& options = {}) {
  auto report = ReadReport(file, options);
  EXPECT_THAT(report, testing::IsOk());
  return report ? *std::move(report) : ImportedReport{};
}

TEST(ExportedSummaries, ReadsAFileWithMetadata) {
  const ImportedReport report = ReadAny(Fixture("exported_summaries/file.json"));
  EXPECT_EQ(report.format, "exported_summaries");
  ASSERT_THAT(report.rows, SizeIs(5));
  const auto& m = report.rows[0].measurement;
  EXPECT_EQ(m.configuration, (domain::Configuration{.model = "example-org/model-7b",
                                                    .precision = "",
                                                    .hardware = "H100",
                                                    .hardware_count = 1,
                                                    .framework = "vllm",
                                                    .framework_version = "0.11.0"}));
  EXPECT_EQ(m.ttft, Latency(25.5, kAbsent, 31.0, 33.5, 40.0));
  EXPECT_EQ(m.itl, Latency(9.5, kAbsent, 9.75, 10.0, 11.0));
  EXPECT_EQ(m.e2e, Latency(2450.0, kAbsent, 3300.0, 3500.0, 3900.0));
  EXPECT_EQ(m.load, (domain::Load{.offered_rps = 2.0, .achieved_rps = 1.95}));
  EXPECT_EQ(m.input_lengths, (domain::TokenLengths{.mean = 511.5, .nominal = 512.0, .stdev = 128.0}));
  EXPECT_EQ(m.output_lengths, (domain::TokenLengths{.mean = 255.5, .nominal = 256.0, .stdev = 64.0}));
  EXPECT_EQ(m.tokens_per_second, Reading(498.25));
}

TEST(ExportedSummaries, LabelsRowsThatSayNothingAsTheFileDoes) {
  const ImportedReport report = ReadAny(Fixture("exported_summaries/file.json"));
  ASSERT_THAT(report.rows, SizeIs(5));
  const auto& said_by_file = report.rows[0].measurement.provenance;
  EXPECT_EQ(said_by_file.origin, Origin::kSimulated);
  EXPECT_EQ(said_by_file.source, "the simulator of the tests");
  const auto& said_by_row = report.rows[1].measurement.provenance;
  EXPECT_EQ(said_by_row.origin, Origin::kSynthetic);
  EXPECT_EQ(said_by_row.source, "synthetic");
}

TEST(ExportedSummaries, TakesWrongRowsForProblemsOfTheirOwn) {
  const ImportedReport report = ReadAny(Fixture("exported_summaries/file.json"));
  ASSERT_THAT(report.rows, SizeIs(5));
  EXPECT_THAT(report.rows[1].problems, IsEmpty());
  EXPECT_THAT(report.rows[2].problems,
              ElementsAre(R"(ttft_mean: not a number: "slow")", R"(itl_p99: not a number: "Infinity")"));
  EXPECT_THAT(report.rows[3].problems, ElementsAre("not a JSON object"));
  EXPECT_EQ(report.rows[3].location, "benchmarks[3]");
  EXPECT_THAT(report.rows[4].problems, ElementsAre(HasSubstr("the GPU type is missing")));
}

TEST(ExportedSummaries, ReadsABareArray) {
  const ImportedReport report = ReadClean(Fixture("exported_summaries/array.json"));
  ASSERT_THAT(report.rows, SizeIs(2));
  EXPECT_EQ(report.rows[1].location, "[1]");
  EXPECT_EQ(report.rows[1].measurement.ttft, Latency(25.5, kAbsent, kAbsent, 33.5, 40.0));
  EXPECT_EQ(report.rows[1].measurement.provenance.origin, Origin::kMeasured);
  EXPECT_EQ(report.rows[1].measurement.provenance.source, "exported_summaries");
}

TEST(ExportedSummaries, ReadsOneRowAndJsonLines) {
  const nlohmann::json rows = nlohmann::json::parse(Fixture("exported_summaries/array.json").text.view());
  EXPECT_THAT(ReadClean(Text(rows[0].dump())).rows, SizeIs(1));
  const ImportedReport lines = ReadClean(Text(rows[0].dump() + "\n" + rows[1].dump() + "\n"));
  ASSERT_THAT(lines.rows, SizeIs(2));
  EXPECT_EQ(lines.rows[1].location, "line 2");
}

TEST(ExportedSummaries, KeepsTheOrderOfLinesThoughSomeAreBroken) {
  const std::string row = nlohmann::json::parse(Fixture("exported_summaries/array.json").text.view())[0].dump() + "\n";
  const ImportedReport report = ReadAny(Text(row + "{\n" + row + row + "{]\n{}}\n"));
  ASSERT_THAT(report.rows, SizeIs(6));
  for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(report.rows[i].location, "line " + std::to_string(i + 1));
  EXPECT_THAT(report.rows[1].problems, SizeIs(1));
  EXPECT_THAT(report.rows[3].problems, IsEmpty());
  EXPECT_THAT(report.rows[5].problems, SizeIs(1));
}

TEST(ExportedSummaries, ReadsOlderNames) {
  const ImportedReport report =
      ReadClean(Fixture("exported_summaries/older_names.json"), {.overrides = {.framework = "vllm"}});
  ASSERT_THAT(report.rows, SizeIs(2));
  const auto& first = report.rows[0].measurement;
  EXPECT_EQ(first.configuration.model, "model-30b");
  EXPECT_EQ(first.configuration.hardware, "H200");
  EXPECT_EQ(first.configuration.hardware_count, 4);
  EXPECT_EQ(first.load, (domain::Load{.offered_rps = 2.25, .achieved_rps = 2.0}));
  EXPECT_EQ(first.provenance.origin, Origin::kInterpolated);
  const auto& second = report.rows[1].measurement;
  EXPECT_EQ(second.configuration.hardware_count, 2);
  EXPECT_EQ(second.itl, Latency(kAbsent, kAbsent, kAbsent, 10.5, kAbsent));
  EXPECT_EQ(second.load, (domain::Load{.offered_rps = 1.25, .achieved_rps = 1.0}));
  EXPECT_EQ(second.provenance.origin, Origin::kEstimated);
}

TEST(ExportedSummaries, LooksBeyondABrokenFirstRow) {
  nlohmann::json rows = nlohmann::json::parse(Fixture("exported_summaries/array.json").text.view());
  rows.insert(rows.begin(), nullptr);
  const ImportedReport report = ReadAny(Text(rows.dump()));
  ASSERT_THAT(report.rows, SizeIs(3));
  EXPECT_THAT(report.rows[0].problems, ElementsAre("not a JSON object"));
  EXPECT_THAT(report.rows[1].problems, IsEmpty());
}

}  // namespace
}  // namespace loadline::cli
