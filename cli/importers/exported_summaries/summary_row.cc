#include "cli/importers/exported_summaries/summary_row.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "cli/importers/row_reader.h"
#include "cli/importers/utf8.h"
#include "libs/json/benchmark_json.h"
#include "libs/json/row_fields.h"
#include "libs/json/row_origin.h"

namespace loadline::cli {
namespace {

using Json = nlohmann::json;

constexpr std::array kModelFields = {"model_hf_repo", "model_id"};
constexpr std::array kLatencyPrefixes = {"ttft_", "itl_", "e2e_", "tpot_"};
/// PostgreSQL writes truth as one letter, SQLite as a digit.
constexpr std::array kFlags = {"estimated", "interpolated", "simulated", "synthetic", "saturated"};

bool IsLatencyField(const std::string& name) {
  return std::any_of(kLatencyPrefixes.begin(), kLatencyPrefixes.end(),
                     [&](const char* prefix) { return name.starts_with(prefix); });
}

/// The name under which a row has a field; where it has none, the number
/// follows from others.
std::string SourceIn(const Json& row, const std::vector<std::string>& names) {
  const auto found = std::find_if(names.begin(), names.end(),
                                  [&](const auto& name) { return row.contains(name) && !row[name].is_null(); });
  if (found != names.end()) return *found;
  return names.front().starts_with("itl_") ? "tpot" + names.front().substr(3) : "tokens_per_second / output tokens";
}

void AddSources(const Json& json, ImportedRow& row) {
  for (const auto& field : json::NumberFields()) {
    if (!field.target(row.measurement)) continue;
    row.sources.push_back({.field = field.names.front(), .from = SourceIn(json, field.names)});
  }
}

bool IsFlag(const std::string& column) { return std::find(kFlags.begin(), kFlags.end(), column) != kFlags.end(); }

Json CellAsJson(const std::string& column, std::optional<std::string> value) {
  if (!value || value->empty()) return nullptr;
  if (IsFlag(column)) return *value == "t" || *value == "true" || *value == "1";
  return *std::move(value);
}

}  // namespace

bool IsSummary(const Json& row) {
  if (!row.is_object()) return false;
  const bool has_model =
      std::any_of(kModelFields.begin(), kModelFields.end(), [&](const char* field) { return row.contains(field); });
  return has_model && std::any_of(row.items().begin(), row.items().end(),
                                  [](const auto& field) { return IsLatencyField(field.key()); });
}

ImportedRow ReadSummary(const Json& row, const SummaryStatement& statement) {
  ImportedRow result;
  if (!row.is_object()) {
    result.problems.emplace_back("not a JSON object");
    return result;
  }
  json::ReadRow read = json::ReadMeasurement(row);
  result.measurement = std::move(read.measurement);
  result.problems = std::move(read.problems);
  AddSources(row, result);
  auto& provenance = result.measurement.provenance;
  const bool says_nothing = !row.contains("origin") && !json::StatedOrigin(row);
  if (says_nothing && statement.origin) provenance.origin = *statement.origin;
  if (provenance.source.empty()) provenance.source = statement.source;
  if (provenance.tool_version.empty()) provenance.tool_version = FirstTextAt(row, {"/profiler_tag"});
  return result;
}

ImportedRow ReadSummaryCells(const std::vector<std::string>& columns, std::vector<std::optional<std::string>> values) {
  if (columns.size() != values.size()) {
    ImportedRow row;
    row.problems.push_back(fmt::format("{} values under {} columns: does one hold the separator or a line end?",
                                       values.size(), columns.size()));
    return row;
  }
  // Escapes of a dump can make any bytes.
  const auto broken = std::find_if(values.begin(), values.end(),
                                   [](const auto& value) { return value && ValidUtf8Prefix(*value) != value->size(); });
  if (broken != values.end()) {
    ImportedRow row;
    row.problems.push_back(
        fmt::format("{} is not a text in UTF-8", columns[static_cast<std::size_t>(broken - values.begin())]));
    return row;
  }
  Json row = Json::object();
  for (std::size_t i = 0; i < columns.size(); ++i) row[columns[i]] = CellAsJson(columns[i], std::move(values[i]));
  return ReadSummary(row);
}

}  // namespace loadline::cli
