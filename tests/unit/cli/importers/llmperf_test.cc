#include <gmock/gmock.h>

#include "tests/unit/cli/importers/the_point.h"

namespace loadline::cli {
namespace {

using domain::Reading;
using ::testing::SizeIs;

TEST(Llmperf, ReadsASummaryInSeconds) {
  const ImportedReport report = ReadFixture("llmperf/summary.json", Hardware());
  EXPECT_EQ(report.format, "llmperf/summary");
  const auto& m = report.rows.at(0).measurement;
  EXPECT_EQ(m.configuration.model, "Example-Org/Model-7B");
  ExpectNear(m.ttft, PointTtft(), "ttft");
  ExpectNear(m.e2e, PointE2e(), "e2e");
  EXPECT_EQ(m.load, (domain::Load{.achieved_rps = 2.5, .concurrency = 4.0}));
  EXPECT_EQ(m.tokens_per_second, Reading(320.0));
  EXPECT_EQ(m.input_lengths,
            (domain::TokenLengths{.mean = 510.0, .nominal = 512.0, .stdev = 16.0, .min = 400.0, .max = 600.0}));
  EXPECT_EQ(m.completed_requests, 200);
  EXPECT_EQ(m.failed_requests, 5);
  EXPECT_EQ(m.measured_at, base::Timestamp(std::chrono::seconds(1'767'323'045)));
}

TEST(Llmperf, DerivesItlWithoutTheTimeToTheFirstToken) {
  const auto m = ReadFixture("llmperf/summary.json", Hardware()).rows.at(0).measurement;
  ExpectNear(m.itl, Latency(10.0, kAbsent, kAbsent, kAbsent, kAbsent), "itl");  // (1500 - 230) / 127
  EXPECT_TRUE(m.tpot.empty());
}

TEST(Llmperf, ReadsSummariesUnderTheirConcurrency) {
  const ImportedReport report = ReadFixture("llmperf/map.json", AllSettings());
  ASSERT_THAT(report.rows, SizeIs(2));
  EXPECT_EQ(report.rows[1].measurement.load.concurrency, Reading(8.0));
  EXPECT_EQ(report.rows[1].location, "[\"8\"]");
}

TEST(Llmperf, TakesWhatPeopleAddedAsMetadata) {
  EXPECT_EQ(ConfigurationIn("llmperf/map.json", {}).ToString(), "Example-Org/Model-7B on 2x H100, tgi");
}

TEST(Llmperf, PassesOverSingleRequests) {
  EXPECT_THAT(ReadReport(Fixture("unusable/llmperf_requests.json"), AllSettings()),
              testing::Fails(base::ErrorCode::kInvalidArgument, "NOT_NEEDED"));
}

TEST(Llmperf, AProviderIsNotThePartOfAName) {
  auto summary = nlohmann::json::parse(Fixture("llmperf/summary.json").text.view());
  for (const auto& [given, model] : {std::pair{"openai/gpt-oss-120b", "openai/gpt-oss-120b"},
                                     std::pair{"openai/Example-Org/Model-7B", "Example-Org/Model-7B"},
                                     std::pair{"together_ai/Example-Org/Model-7B", "Example-Org/Model-7B"}}) {
    summary["model"] = given;
    EXPECT_EQ(ReadClean(Text(summary.dump()), Hardware()).rows.at(0).measurement.configuration.model, model);
  }
}

}  // namespace
}  // namespace loadline::cli
