#include <gmock/gmock.h>

#include "libs/json/timestamp.h"
#include "tests/unit/cli/importers/the_point.h"

namespace loadline::cli {
namespace {

using domain::Reading;
using ::testing::SizeIs;

TEST(Prism, ReadsAnArchive) {
  const ImportedReport report = ReadFixture("prism/archive.json", {});
  EXPECT_EQ(report.format, "prism/archive");
  ASSERT_THAT(report.rows, SizeIs(2));
  const auto& m = report.rows[0].measurement;
  EXPECT_EQ(m.ttft, Latency(230.0, 220.0, kAbsent, kAbsent, kAbsent));
  EXPECT_EQ(m.e2e, Latency(1500.0, 1450.0, kAbsent, kAbsent, kAbsent));  // a p99 of 0 was not measured
  EXPECT_EQ(m.itl, Latency(10.1, kAbsent, kAbsent, kAbsent, kAbsent));
  EXPECT_EQ(m.load, (domain::Load{.achieved_rps = 2.5, .concurrency = 8.0}));
  EXPECT_EQ(m.tokens_per_second, Reading(320.0));  // its throughput counts inputs too
  EXPECT_EQ(m.provenance.source, "archive");
  EXPECT_EQ(m.measured_at, json::ParseTimestamp("2026-01-02T03:04:05Z"));
  EXPECT_EQ(report.rows[1].measurement.load.offered_rps, Reading(2.75));
}

TEST(Prism, KeepsArrangementsOfAsManyGpusApart) {
  EXPECT_EQ(ConfigurationIn("prism/archive.json", {}, 0).ToString(), "Model-70B on 16x H100, vllm 4: 1P-TP4 3D-TP4");
  EXPECT_EQ(ConfigurationIn("prism/archive.json", {}, 1).ToString(), "Model-70B on 16x H100, vllm 2 TP8");
}

}  // namespace
}  // namespace loadline::cli
