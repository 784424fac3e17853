#include <gmock/gmock.h>

#include "libs/json/timestamp.h"
#include "tests/unit/cli/importers/the_point.h"

namespace loadline::cli {
namespace {

using domain::Reading;
using ::testing::HasSubstr;

const ImportOptions kH100 = {.overrides = {.hardware = "H100", .hardware_count = 2}};

TEST(LlmdReport, ReadsVersion01InMilliseconds) {
  ImportOptions options;
  const ImportedReport report = ReadFixture("llmd_report/v01.yaml", options);
  EXPECT_EQ(report.format, "llm-d/v0.1");
  const auto& m = report.rows.at(0).measurement;
  EXPECT_EQ(m.configuration.ToString(), "Example-Org/Model-7B fp8 on 10x H100, vllm 0.9.0.1");
  ExpectNear(m.ttft, PointTtft(), "ttft");
  ExpectNear(m.e2e, PointE2e(), "e2e");
  ExpectNear(m.tpot, PointItl(), "tpot");
  ExpectNear(m.itl, Latency(10.1, 9.6, 11.0, 12.0, 14.0), "itl");
  EXPECT_EQ(m.load.achieved_rps, Reading(2.5));
  EXPECT_EQ(m.tokens_per_second, Reading(320.0));
  EXPECT_EQ(m.input_lengths, (domain::TokenLengths{.mean = 510.0, .min = 400.0, .max = 600.0}));
  EXPECT_EQ(m.completed_requests, 200);
  EXPECT_EQ(m.failed_requests, 4);
  EXPECT_EQ(m.measured_at, json::ParseTimestamp("2026-01-02T03:04:05.500Z"));
}

TEST(LlmdReport, AsksTheLoadGeneratorWhereTheModelIsUnknown) {
  const auto m = ReadFixture("llmd_report/v01_unknown.yaml", kH100).rows.at(0).measurement;
  EXPECT_EQ(m.configuration.ToString(), "Example-Org/Model-7B on 2x H100, vllm");
  EXPECT_EQ(m.load.offered_rps, Reading(2.75));
  EXPECT_EQ(m.input_lengths.nominal, Reading(512.0));
  ExpectNear(m.ttft, PointTtft(), "ttft");  // in seconds there
}

TEST(LlmdReport, ReadsVersions02InTheUnitsThatTheyName) {
  for (const char* name : {"llmd_report/v02.yaml", "llmd_report/v021.json"}) {
    SCOPED_TRACE(name);
    const auto m = ReadFixture(name, {}).rows.at(0).measurement;
    EXPECT_EQ(m.configuration.ToString(), "Example-Org/Model-7B on 10x NVIDIA-H100-80GB-HBM3, vllm 0.11.0");
    ExpectNear(m.ttft, PointTtft(), "ttft");
    ExpectNear(m.e2e, PointE2e(), "e2e");
    EXPECT_EQ(m.load, (domain::Load{.offered_rps = 2.75, .achieved_rps = 2.5}));
    EXPECT_EQ(m.tokens_per_second, Reading(320.0));
    EXPECT_EQ(m.input_lengths.nominal, Reading(512.0));
    EXPECT_EQ(m.output_lengths.nominal, Reading(128.0));
    EXPECT_EQ(m.completed_requests, 200);
    EXPECT_EQ(m.measured_at, json::ParseTimestamp("2026-01-02T03:04:05Z"));
    EXPECT_EQ(m.provenance.tool_version, "0.3.0");
  }
  EXPECT_EQ(ReadFixture("llmd_report/v021.json", {}).format, "llm-d/v0.2.1");
}

TEST(LlmdReport, RefusesAUnitThatIsNoneOfTime) {
  std::string text(Fixture("llmd_report/v021.json").text.view());
  const std::string unit = "\"units\": \"ms\"";
  text.replace(text.find(unit), unit.size(), "\"units\": \"requests\"");
  const auto read = ReadReport(Text(text), {});
  ASSERT_THAT(read, testing::IsOk());
  EXPECT_THAT(read->rows.at(0).problems, ::testing::ElementsAre(HasSubstr("units: not a unit of time: \"requests\"")));
}

TEST(LlmdReport, CountsNoGpusWhereNobodyKnows) {
  auto report = std::string(Fixture("llmd_report/v02.yaml").text.view());
  for (std::size_t at = report.find("count: "); at != std::string::npos; at = report.find("count: ", at + 1)) {
    report[at + 7] = '0';
  }
  EXPECT_THAT(ReadReport(Text(report), {}), testing::HasViolation("--hardware-count"));
}

TEST(LlmdReport, RefusesUnitsThatItDoesNotKnow) {
  for (const auto& [from, to] :
       {std::pair{"units: queries/s", "units: queries/min"}, std::pair{"units: count", "units: bytes"}}) {
    std::string text(Fixture("llmd_report/v02.yaml").text.view());
    const auto at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    text.replace(at, std::string_view(from).size(), to);
    const auto report = ReadReport(Text(text), kH100);
    ASSERT_THAT(report, testing::IsOk());
    EXPECT_THAT(report->rows.at(0).problems, ::testing::Contains(HasSubstr("units")));
  }
}

}  // namespace
}  // namespace loadline::cli
