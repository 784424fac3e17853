#include "cli/importers/exported_summaries.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "cli/importers/document.h"
#include "cli/importers/field_reader.h"
#include "libs/json/benchmark_json.h"
#include "libs/json/row_origin.h"

namespace loadline::cli {
namespace {

using Json = nlohmann::json;

/// Enough to see what a file holds though its first rows may be broken.
constexpr std::size_t kRowsToLookAt = 100;

constexpr std::array kModelFields = {"model_hf_repo", "model_id"};
constexpr std::array kLatencyPrefixes = {"ttft_", "itl_", "e2e_", "tpot_"};

bool IsLatencyField(const std::string& name) {
  return std::any_of(kLatencyPrefixes.begin(), kLatencyPrefixes.end(),
                     [&](const char* prefix) { return name.starts_with(prefix); });
}

bool IsSummary(const Json& row) {
  if (!row.is_object()) return false;
  const bool has_model =
      std::any_of(kModelFields.begin(), kModelFields.end(), [&](const char* field) { return row.contains(field); });
  return has_model && std::any_of(row.items().begin(), row.items().end(),
                                  [](const auto& field) { return IsLatencyField(field.key()); });
}

bool HoldsSummaries(const Json& rows) {
  if (!rows.is_array()) return false;
  const auto end = rows.begin() + static_cast<std::ptrdiff_t>(std::min(rows.size(), kRowsToLookAt));
  return std::any_of(rows.begin(), end, IsSummary);
}

bool IsFileOfSummaries(const Json& content) {
  return content.is_object() && content.contains("benchmarks") && HoldsSummaries(content["benchmarks"]);
}

/// What a file says of all its rows.
struct FileStatement {
  std::optional<domain::Origin> origin;
  std::string source;
};

FileStatement StatementOf(const Json& content) {
  FileStatement statement;
  for (const char* name : {"/_metadata", "/metadata"}) {
    const Json* metadata = ValueAt(content, name);
    if (metadata == nullptr) continue;
    if (!statement.origin) statement.origin = json::StatedOrigin(*metadata);
    if (statement.source.empty()) statement.source = FirstTextAt(*metadata, {"/source", "/method"});
  }
  return statement;
}

ImportedRow ReadRow(const Json& row, std::string location, const FileStatement& statement) {
  ImportedRow result{.measurement = {}, .location = std::move(location), .problems = {}};
  if (!row.is_object()) {
    result.problems.emplace_back("not a JSON object");
    return result;
  }
  json::ReadRow read = json::ReadMeasurement(row);
  result.measurement = std::move(read.measurement);
  result.problems = std::move(read.problems);
  auto& provenance = result.measurement.provenance;
  const bool says_nothing = !row.contains("origin") && !json::StatedOrigin(row);
  if (says_nothing && statement.origin) provenance.origin = *statement.origin;
  if (provenance.source.empty()) provenance.source = statement.source;
  return result;
}

}  // namespace

bool ExportedSummariesImporter::Recognises(const Document& document) const {
  const Json& content = document.content;
  return IsFileOfSummaries(content) || HoldsSummaries(content) || IsSummary(content);
}

base::Result<ImportedReport> ExportedSummariesImporter::Read(const Document& document) const {
  ImportedReport report{.format = "exported_summaries", .rows = {}};
  const Json& content = document.content;
  if (IsSummary(content)) {
    report.rows.push_back(ReadRow(content, "the row", {}));
    return report;
  }
  const bool in_object = content.is_object();
  const Json& rows = in_object ? content["benchmarks"] : content;
  const FileStatement statement = StatementOf(content);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string location = in_object ? fmt::format("benchmarks[{}]", i) : document.LocationOf(i);
    report.rows.push_back(ReadRow(rows[i], location, statement));
  }
  return report;
}

}  // namespace loadline::cli
