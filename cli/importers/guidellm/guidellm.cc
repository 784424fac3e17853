#include "cli/importers/guidellm/guidellm.h"

#include <fmt/format.h>

#include <utility>

#include "cli/importers/document.h"
#include "cli/importers/elements.h"
#include "cli/importers/guidellm/benchmark.h"
#include "cli/importers/guidellm/csv_grouped.h"
#include "cli/importers/guidellm/csv_rows.h"
#include "cli/importers/row_reader.h"

namespace loadline::cli {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kBenchmarkType = "generative_benchmark";

bool IsReport(const Json& content) {
  const Json* benchmarks = ValueAt(content, "/benchmarks");
  return benchmarks != nullptr && benchmarks->is_array() &&
         FirstTextAt(content, {"/benchmarks/0/type_"}) == kBenchmarkType;
}

bool IsRow(const Json& row) { return FirstTextAt(row, {"/Type"}) == kBenchmarkType; }

std::string FormatOf(const Json& report) {
  if (report.contains("config") || FirstTextAt(report, {"/metadata/version"}) == "2") return "guidellm/v2";
  return ValueAt(report, "/benchmarks/0/scheduler_metrics") != nullptr ? "guidellm/v1" : "guidellm/v0";
}

ImportedReport ReadBenchmarks(const Json& report) {
  ImportedReport result{.format = FormatOf(report)};
  const Json& benchmarks = report["benchmarks"];
  for (std::size_t i = 0; i < benchmarks.size(); ++i) {
    result.rows.push_back(ReadGuidellmBenchmark(report, benchmarks[i]));
    result.rows.back().location = fmt::format("benchmarks[{}]", i);
  }
  return result;
}

ImportedRow ReadRow(const Json& row) { return ReadGuidellmBenchmark(Json::object(), BenchmarkFromCsvRow(row)); }

/// `line` is a number of the file, and `problem` why it cannot be read, if so.
ImportedRow AtLine(std::size_t line, const std::string& problem, ImportedRow row) {
  row.location = fmt::format("line {}", line);
  if (!problem.empty()) row.problems = {problem};
  return row;
}

ImportedReport ReadCsv(std::string_view text) {
  ImportedReport result{.format = "guidellm/v0-csv"};
  for (const GuidellmCsvRow& row : ReadGuidellmCsv(text)) {
    result.rows.push_back(AtLine(row.line, row.problem, row.problem.empty() ? ReadRow(row.cells) : ImportedRow{}));
  }
  return result;
}

ImportedReport ReadGroupedCsv(std::string_view text) {
  ImportedReport result{.format = "guidellm/v1-csv"};
  for (const GuidellmGroupedRow& row : ReadGuidellmGroupedCsv(text)) {
    result.rows.push_back(AtLine(
        row.line, row.problem, row.problem.empty() ? ReadGuidellmBenchmark(row.report, row.benchmark) : ImportedRow{}));
  }
  return result;
}

}  // namespace

bool GuidellmImporter::Recognises(const Document& document) const {
  const std::string_view header = document.FirstLine();
  return IsReport(document.content) || AnyElement(document, IsRow) || IsGuidellmCsvHeader(header) ||
         IsGuidellmGroupedHeader(header);
}

base::Result<ImportedReport> GuidellmImporter::Read(const Document& document, const ImportOptions& /*options*/) const {
  if (IsReport(document.content)) return ReadBenchmarks(document.content);
  if (IsGuidellmGroupedHeader(document.FirstLine())) return ReadGroupedCsv(document.text);
  if (IsGuidellmCsvHeader(document.FirstLine())) return ReadCsv(document.text);
  return ImportedReport{.format = "guidellm/v0-rows",
                        .rows = ReadElements(document, IsRow, ReadRow, "a row of a GuideLLM CSV")};
}

}  // namespace loadline::cli
