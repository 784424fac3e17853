#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "libs/domain/judge.h"
#include "libs/json/benchmark_json.h"

// The judge on rows that people published, beside the repository.

namespace loadline::domain {
namespace {

std::filesystem::path Shared(const std::string& path) {
  return std::filesystem::path(LOADLINE_SOURCE_DIR) / ".." / "shared" / "data" / path;
}

nlohmann::json Load(const std::filesystem::path& path) {
  std::ifstream file(path);
  return nlohmann::json::parse(file);
}

TEST(JudgeOnRealReports, AcceptsAllSimulatedRows) {
  const auto path = Shared("exported_summaries/benchmarks_BLIS.json");
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not here";
  const nlohmann::json document = Load(path);
  const nlohmann::json& rows = document.is_array() ? document : document.at("benchmarks");
  ASSERT_EQ(rows.size(), 1383u);
  int saturated = 0;
  for (const auto& row : rows) {
    const Verdict verdict = Judge(json::ReadMeasurement(row).measurement);
    ASSERT_TRUE(verdict.accepted()) << row.dump() << verdict.reasons.front().message;
    saturated += verdict.measurement.load.saturated ? 1 : 0;
  }
  EXPECT_EQ(saturated, 13);
}

Measurement SweepRow(const nlohmann::json& row) {
  const auto metric = [&row](const std::string& name, double to_ms) {
    const auto tail = nlohmann::json::parse(
        row.at("Successful " + name + " [min, 0.1, 1, 5, 10, 25, 75, 90, 95, 99, max]").get<std::string>());
    const auto number = [&](const std::string& what) { return row.at("Successful " + name + what).get<double>(); };
    return LatencySummary{.values = {number(" mean") * to_ms, number(" median") * to_ms, tail[7].get<double>() * to_ms,
                                     tail[8].get<double>() * to_ms, tail[9].get<double>() * to_ms}};
  };
  Measurement measurement;
  measurement.configuration.model = "meta-llama/llama-3.1-8b";
  measurement.configuration.hardware = "H100";
  measurement.input_lengths.mean = row.at("Successful Prompt token count mean").get<double>();
  measurement.output_lengths.mean = row.at("Successful Output token count mean").get<double>();
  measurement.load.achieved_rps = row.at("Successful Requests per second mean").get<double>();
  measurement.load.concurrency = row.at("Successful Request concurrency mean").get<double>();
  measurement.ttft = metric("Time to first token ms", 1);
  measurement.itl = metric("Inter token latency ms", 1);
  measurement.e2e = metric("Request latency", 1000);
  measurement.completed_requests = row.at("Successful Requests").get<std::int64_t>();
  return measurement;
}

TEST(JudgeOnRealReports, RefusesCorruptAndShortRunsOfASweepOnly) {
  const auto folder = Shared("guidellm/llama-3.1-8b-sweeps");
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << folder << " is not here";
  std::map<std::string, int> rows;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    for (const auto& row : Load(entry.path())) {
      const Verdict verdict = Judge(SweepRow(row));
      ++rows[verdict.accepted() ? "accepted" : verdict.reasons.front().reason];
    }
  }
  const std::map<std::string, int> expected = {{"accepted", 148}, {"NEGATIVE_VALUE", 7}, {"TOO_FEW_REQUESTS", 5}};
  EXPECT_EQ(rows, expected);
}

}  // namespace
}  // namespace loadline::domain
