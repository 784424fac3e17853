#include "bench/scorecard/sweeps.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include "cli/importers/importer.h"
#include "libs/domain/judge.h"

namespace loadline::bench {
namespace {

namespace fs = std::filesystem;

// What the sweeps do not say of their deployment, of which only counts that it
// is one, and the lengths that their names say.
cli::ImportOptions OptionsFor(double input, double output) {
  return {.overrides = {.model = "swept",
                        .hardware = "GPU",
                        .hardware_count = 1,
                        .framework = "vllm",
                        .framework_version = "unknown",
                        .precision = "bf16",
                        .prompt_tokens = input,
                        .output_tokens = output}};
}

std::string Text(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

base::Status AddSweep(const fs::path& path, double input, double output, std::vector<domain::Benchmark>& benchmarks) {
  auto report = cli::ReadReport({.path = path.string(), .text = Text(path)}, OptionsFor(input, output));
  if (!report) return tl::unexpected(report.error());
  for (auto& row : report->rows) {
    const bool flood = row.measurement.load.saturated;  // the report's own word
    if (flood || !row.problems.empty()) continue;
    auto verdict = domain::Judge(std::move(row.measurement));
    if (!verdict.accepted()) continue;
    const auto id = domain::BenchmarkId::Of(verdict.measurement);
    benchmarks.push_back(
        {.id = id, .shape = verdict.shape, .revision = 1, .measurement = std::move(verdict.measurement)});
  }
  return {};
}

}  // namespace

base::Result<std::vector<domain::Benchmark>> ReadSweeps(const std::string& folder) {
  static const std::regex kName(R"(sweep-i(\d+)-o(\d+).*\.json)");
  std::error_code none;
  std::set<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder, none)) paths.insert(entry.path());
  std::vector<domain::Benchmark> benchmarks;
  for (const fs::path& path : paths) {
    std::smatch match;
    const std::string name = path.filename().string();
    if (!std::regex_match(name, match, kName)) continue;
    LOADLINE_RETURN_IF_ERROR(AddSweep(path, std::stod(match[1]), std::stod(match[2]), benchmarks));
  }
  if (benchmarks.empty()) return tl::unexpected(base::InvalidArgument("folder", folder + " has no sweep-i*-o*.json"));
  return benchmarks;
}

}  // namespace loadline::bench
