#pragma once

#include "tests/unit/cli/importers/reports.h"

/// The run that the fixtures of most formats describe, each in its own words.
namespace loadline::cli {

inline domain::LatencySummary PointTtft() { return Latency(230.0, 220.0, 260.0, 280.0, 320.0); }
inline domain::LatencySummary PointItl() { return Latency(10.0, 9.5, 11.0, 11.5, 13.0); }
inline domain::LatencySummary PointE2e() { return Latency(1500.0, 1450.0, 1700.0, 1800.0, 2000.0); }

inline void ExpectNear(const domain::LatencySummary& found, const domain::LatencySummary& expected, const char* what) {
  for (const domain::Statistic statistic : domain::kStatistics) {
    const domain::Reading reading = expected[statistic];
    ASSERT_EQ(found[statistic].has_value(), reading.has_value()) << what << " " << domain::Name(statistic);
    EXPECT_NEAR(found[statistic].value_or(0), reading.value_or(0), 1e-9 * reading.value_or(1))
        << what << " " << domain::Name(statistic);
  }
}

inline void ExpectPointLatencies(const domain::Measurement& m) {
  ExpectNear(m.ttft, PointTtft(), "ttft");
  ExpectNear(m.itl, PointItl(), "itl");
  ExpectNear(m.e2e, PointE2e(), "e2e");
}

/// What every format says of the run.
inline void ExpectThePoint(const domain::Measurement& m) {
  ExpectPointLatencies(m);
  EXPECT_EQ(m.load.achieved_rps, domain::Reading(2.5));
  EXPECT_EQ(m.tokens_per_second, domain::Reading(320.0));
  EXPECT_EQ(m.input_lengths.mean, domain::Reading(510.0));
  EXPECT_EQ(m.output_lengths.mean, domain::Reading(128.0));
}

/// Reads a fixture that must be read.
inline ImportedReport ReadFixture(const std::string& name, const ImportOptions& options = AllSettings()) {
  auto report = ReadReport(Fixture(name), options);
  EXPECT_THAT(report, testing::IsOk()) << name;
  return report ? *std::move(report) : ImportedReport{};
}

/// What a report says of settings where it lacks none but those given here.
inline domain::Configuration ConfigurationIn(const std::string& name, const ImportOptions& options,
                                             std::size_t row = 0) {
  const ImportedReport report = ReadFixture(name, options);
  return row < report.rows.size() ? report.rows[row].measurement.configuration : domain::Configuration{};
}

}  // namespace loadline::cli
