#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace loadline::cli {

/// One line of a GuideLLM CSV up to 0.3.
struct GuidellmCsvRow {
  std::size_t line = 0;
  /// An object with the cells, as texts, by column name.
  nlohmann::json cells;
  /// Why the line cannot be read; then `cells` is null.
  std::string problem = {};
};

bool IsGuidellmCsvHeader(std::string_view line);

/// The lines below the header.
std::vector<GuidellmCsvRow> ReadGuidellmCsv(std::string_view text);

/// A row as a benchmark of the JSON report of the same versions. What cannot
/// be understood is left as it is, for the reader of benchmarks to complain.
nlohmann::json BenchmarkFromCsvRow(const nlohmann::json& row);

}  // namespace loadline::cli
