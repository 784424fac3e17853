#include "cli/importers/exported_summaries/exported_summaries.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "cli/importers/csv.h"
#include "cli/importers/document.h"
#include "cli/importers/elements.h"
#include "cli/importers/exported_summaries/summary_row.h"
#include "cli/importers/failure.h"
#include "cli/importers/row_reader.h"
#include "libs/json/row_origin.h"

namespace loadline::cli {
namespace {

using Json = nlohmann::json;

/// Enough to see what a file holds though its first rows may be broken.
constexpr std::size_t kRowsToLookAt = 100;

bool IsFileOfSummaries(const Json& content) {
  const Json* rows = content.is_object() ? ValueAt(content, "/benchmarks") : nullptr;
  if (rows == nullptr || !rows->is_array()) return false;
  const auto end = rows->begin() + static_cast<std::ptrdiff_t>(std::min(rows->size(), kRowsToLookAt));
  return std::any_of(rows->begin(), end, IsSummary);
}

SummaryStatement StatementOf(const Json& content) {
  SummaryStatement statement;
  for (const char* name : {"/_metadata", "/metadata"}) {
    const Json* metadata = ValueAt(content, name);
    if (metadata == nullptr) continue;
    if (!statement.origin) statement.origin = json::StatedOrigin(*metadata);
    if (statement.source.empty()) statement.source = FirstTextAt(*metadata, {"/source", "/method"});
  }
  return statement;
}

ImportedReport ReadFile(const Json& content) {
  ImportedReport report{.format = "exported_summaries"};
  const SummaryStatement statement = StatementOf(content);
  const Json& rows = content["benchmarks"];
  for (std::size_t i = 0; i < rows.size(); ++i) {
    report.rows.push_back(ReadSummary(rows[i], statement));
    report.rows.back().location = fmt::format("benchmarks[{}]", i);
  }
  return report;
}

/// Reads anything; what is no row comes with its problems.
ImportedReport ReadRows(const Document& document) {
  const auto any = [](const Json&) { return true; };
  const auto read = [](const Json& row) { return ReadSummary(row); };
  return {.format = "exported_summaries", .rows = ReadElements(document, any, read, "a JSON object")};
}

bool IsHeader(std::string_view line) {
  return line.find("model_hf_repo") != line.npos && line.find("ttft_") != line.npos &&
         line.find_first_of(",|\t") != line.npos;
}

/// What `psql -A -t` prints: all columns of the table and no names.
bool IsHeaderless(std::string_view line) {
  constexpr auto kMinColumns = 20;
  return std::count(line.begin(), line.end(), '|') >= kMinColumns && line.find("ttft") == line.npos;
}

/// Quotes mean nothing to `psql -A`.
CsvStyle StyleOf(std::string_view header) {
  const char delimiter = header[header.find_first_of(",|\t")];
  return {.delimiter = delimiter, .quotes = delimiter != '|'};
}

/// "(60 rows)" at the end of what psql prints.
bool IsFooter(const CsvLine& line) {
  const std::string& cell = line.cells.front();
  return line.cells.size() == 1 && cell.starts_with('(') && (cell.ends_with(" rows)") || cell.ends_with(" row)"));
}

ImportedReport ReadTable(const Document& document) {
  const CsvStyle style = StyleOf(document.FirstLine());
  ImportedReport report{.format = style.delimiter == '|' ? "exported_summaries/psql" : "exported_summaries/csv"};
  CsvReader reader(document.text, style);
  CsvLine header;
  reader.Next(header);
  for (CsvLine line; report.rows.size() <= kMaxRows && reader.Next(line);) {
    if (IsFooter(line)) continue;
    report.rows.push_back(ReadSummaryCells(header.cells, {line.cells.begin(), line.cells.end()}));
    report.rows.back().location = fmt::format("line {}", line.number);
  }
  return report;
}

}  // namespace

bool ExportedSummariesImporter::Recognises(const Document& document) const {
  return IsFileOfSummaries(document.content) || AnyElement(document, IsSummary) || IsHeader(document.FirstLine()) ||
         (document.syntax == Syntax::kOther && IsHeaderless(document.FirstLine()));
}

base::Result<ImportedReport> ExportedSummariesImporter::Read(const Document& document,
                                                             const ImportOptions& /*options*/) const {
  if (IsFileOfSummaries(document.content)) return ReadFile(document.content);
  if (document.syntax == Syntax::kOther && IsHeaderless(document.FirstLine())) {
    return base::Fail(ReportFailure("NOT_A_REPORT",
                                    "a table without the names of its columns, whose order differs between databases. "
                                    "Run psql without --tuples-only (-t)."));
  }
  return document.content.is_structured() ? ReadRows(document) : ReadTable(document);
}

}  // namespace loadline::cli
