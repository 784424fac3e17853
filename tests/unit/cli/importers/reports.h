#pragma once

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <ostream>
#include <sstream>
#include <string>

#include "cli/importers/importer.h"
#include "libs/testing/matchers.h"

/// What the tests of the importers share.

namespace loadline::domain {

inline void PrintTo(const LatencySummary& latency, std::ostream* out) {
  out->precision(17);
  for (const Statistic statistic : kStatistics) {
    *out << Name(statistic) << "=" << latency[statistic].value_or(-1) << " ";
  }
}

inline void PrintTo(Reading reading, std::ostream* out) {
  out->precision(17);
  reading ? *out << *reading : *out << "absent";
}

}  // namespace loadline::domain

namespace loadline::cli {

inline std::string Contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

/// A report of tests/fixtures/reports.
inline ReportFile Fixture(const std::string& name) {
  const auto path = std::filesystem::path(LOADLINE_SOURCE_DIR) / "tests/fixtures/reports" / name;
  EXPECT_TRUE(std::filesystem::exists(path)) << path;
  return {.path = name, .text = Contents(path)};
}

inline ReportFile Text(std::string text) { return {.path = "report", .text = std::move(text)}; }

/// Everything that reports may lack.
inline ImportOptions AllSettings() {
  return {.overrides = {.model = "given/model", .hardware = "H100", .hardware_count = 2, .framework = "vllm"}};
}

/// What GuideLLM and vLLM reports always lack.
inline ImportOptions Hardware() {
  return {.overrides = {.hardware = "H100", .hardware_count = 2, .framework = "vllm"}};
}

/// Reads a report that must be read, and whose rows have no problems.
inline ImportedReport ReadClean(const ReportFile& file, const ImportOptions& options = {}) {
  auto report = ReadReport(file, options);
  EXPECT_THAT(report, testing::IsOk());
  if (!report) return {};
  for (const ImportedRow& row : report->rows) EXPECT_THAT(row.problems, ::testing::IsEmpty()) << row.location;
  return *std::move(report);
}

/// Mean, p50, p90, p95, p99 in ms.
inline domain::LatencySummary Latency(domain::Reading mean, domain::Reading p50, domain::Reading p90,
                                      domain::Reading p95, domain::Reading p99) {
  return {.values = {mean, p50, p90, p95, p99}};
}

inline const domain::Reading kAbsent;

}  // namespace loadline::cli
