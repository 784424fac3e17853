#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/importers/importer.h"

namespace loadline::cli {

/// What a file says of all its rows.
struct SummaryStatement {
  std::optional<domain::Origin> origin = {};
  std::string source = {};
};

/// True if `row` has a model and a latency under the names that exported
/// summaries have.
bool IsSummary(const nlohmann::json& row);

/// Reads a row (libs/json/benchmark_json.h says under which names); what the
/// file states holds where the row says nothing itself.
ImportedRow ReadSummary(const nlohmann::json& row, const SummaryStatement& statement = {});

/// Reads a row of a table: `values` are those of `columns`; nullopt is NULL.
/// Where their number differs, the row cannot be read.
ImportedRow ReadSummaryCells(const std::vector<std::string>& columns, std::vector<std::optional<std::string>> values);

}  // namespace loadline::cli
