#include "cli/importers/settings.h"

#include <gmock/gmock.h>

#include "tests/unit/cli/importers/reports.h"

namespace loadline::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

ImportedReport ReportOf(std::vector<domain::Configuration> configurations) {
  ImportedReport report;
  for (auto& configuration : configurations) {
    report.rows.push_back({.measurement = {.configuration = std::move(configuration)}, .location = {}, .problems = {}});
  }
  return report;
}

domain::Configuration Complete() {
  return {.model = "m",
          .precision = "bf16",
          .hardware = "L4",
          .hardware_count = 1,
          .framework = "vllm",
          .framework_version = "0.11"};
}

domain::Configuration Nothing() {
  domain::Configuration configuration;
  configuration.hardware_count = 0;
  return configuration;
}

TEST(ApplySettings, AsksForAllThatNoRowHasAtOnce) {
  ImportedReport report = ReportOf({Nothing(), Nothing()});
  const base::Status status = ApplySettings({}, report);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().reason, "MISSING_SETTING");
  std::vector<std::string> flags;
  for (const auto& violation : status.error().violations) flags.push_back(violation.field);
  EXPECT_THAT(flags, ElementsAre("--model", "--hardware", "--hardware-count", "--framework"));
}

TEST(ApplySettings, NeedsNoVersionAndNoPrecision) {
  domain::Configuration configuration = Complete();
  configuration.framework_version.clear();
  configuration.precision.clear();
  ImportedReport report = ReportOf({configuration});
  EXPECT_TRUE(ApplySettings({}, report));
}

TEST(ApplySettings, LetsWhatIsGivenWinOverTheReport) {
  ImportedReport report = ReportOf({Complete(), Nothing()});
  const ImportOverrides given = {.model = "M",
                                 .hardware = "H100",
                                 .hardware_count = 8,
                                 .framework = "sglang",
                                 .framework_version = "0.5",
                                 .precision = "fp8"};
  ASSERT_TRUE(ApplySettings({.overrides = given}, report));
  const domain::Configuration expected = {.model = "M",
                                          .precision = "fp8",
                                          .hardware = "H100",
                                          .hardware_count = 8,
                                          .framework = "sglang",
                                          .framework_version = "0.5"};
  EXPECT_EQ(report.rows[0].measurement.configuration, expected);
  EXPECT_EQ(report.rows[1].measurement.configuration, expected);
  EXPECT_THAT(report.rows[1].problems, IsEmpty());
}

TEST(ApplySettings, LeavesTheReportAloneWhereNothingIsGiven) {
  ImportedReport report = ReportOf({Complete()});
  ASSERT_TRUE(ApplySettings({}, report));
  EXPECT_EQ(report.rows[0].measurement.configuration, Complete());
}

TEST(ApplySettings, BlamesSingleRowsThatLackWhatOthersHave) {
  ImportedReport report = ReportOf({Complete(), Nothing()});
  ASSERT_TRUE(ApplySettings({}, report));
  EXPECT_THAT(report.rows[0].problems, IsEmpty());
  EXPECT_THAT(report.rows[1].problems, Not(IsEmpty()));
}

TEST(ApplySettings, NamesAllThatASingleRowLacks) {
  ImportedReport report = ReportOf({Complete(), Nothing()});
  ASSERT_TRUE(ApplySettings({.overrides = {.model = "m"}}, report));
  EXPECT_EQ(report.rows[1].problems.size(), 3u);
}

TEST(ApplySettings, DoesNotBlameARowThatCouldNotBeReadForMore) {
  ImportedReport report = ReportOf({Complete(), Nothing()});
  report.rows[1].problems = {"not a JSON object"};
  ASSERT_TRUE(ApplySettings({}, report));
  EXPECT_THAT(report.rows[1].problems, ElementsAre("not a JSON object"));
}

TEST(ApplySettings, AsksForNothingWhereNoRowIsOfUse) {
  ImportedReport report = ReportOf({Nothing()});
  report.rows[0].problems = {"not a JSON object"};
  EXPECT_TRUE(ApplySettings({}, report));
}

}  // namespace
}  // namespace loadline::cli
