#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

namespace loadline::cli {

bool IsAiperfCsvHeader(std::string_view line);

/// The two blocks of a CSV, statistics and totals, as the JSON export has them.
/// Columns are found by name, units in the names of the metrics, and numbers
/// may have commas between thousands; `N/A` is absent.
nlohmann::json ProfileFromCsv(std::string_view text);

}  // namespace loadline::cli
