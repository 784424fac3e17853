#include "cli/importers/guidellm.h"

#include <fmt/format.h>

#include <utility>

#include "cli/importers/document.h"
#include "cli/importers/failure.h"
#include "cli/importers/field_reader.h"
#include "cli/importers/guidellm_benchmark.h"
#include "cli/importers/guidellm_csv.h"

namespace loadline::cli {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kBenchmarkType = "generative_benchmark";

bool IsReport(const Json& content) { return FirstTextAt(content, {"/benchmarks/0/type_"}) == kBenchmarkType; }

bool IsRowArray(const Json& content) {
  return content.is_array() && FirstTextAt(content, {"/0/Type"}) == kBenchmarkType;
}

bool IsCsvWithThreeHeaders(std::string_view line) { return line.starts_with("Run Info,Run Info,"); }

std::string FormatOf(const Json& report) {
  if (report.contains("config") || FirstTextAt(report, {"/metadata/version"}) == "2") return "guidellm/v2";
  return ValueAt(report, "/benchmarks/0/scheduler_metrics") != nullptr ? "guidellm/v1" : "guidellm/v0";
}

ImportedReport ReadBenchmarks(const Json& report) {
  ImportedReport result{.format = FormatOf(report), .rows = {}};
  const Json& benchmarks = report["benchmarks"];
  for (std::size_t i = 0; i < benchmarks.size(); ++i) {
    result.rows.push_back(ReadGuidellmBenchmark(report, benchmarks[i]));
    result.rows.back().location = fmt::format("benchmarks[{}]", i);
  }
  return result;
}

ImportedRow ReadRow(const Json& row, std::string location) {
  ImportedRow result = ReadGuidellmBenchmark(Json::object(), BenchmarkFromCsvRow(row));
  result.location = std::move(location);
  return result;
}

ImportedReport ReadRowArray(const Document& document) {
  ImportedReport result{.format = "guidellm/v0-rows", .rows = {}};
  for (std::size_t i = 0; i < document.content.size(); ++i) {
    result.rows.push_back(ReadRow(document.content[i], document.LocationOf(i)));
  }
  return result;
}

ImportedReport ReadCsv(std::string_view text) {
  ImportedReport result{.format = "guidellm/v0-csv", .rows = {}};
  for (GuidellmCsvRow& row : ReadGuidellmCsv(text)) {
    const std::string location = fmt::format("line {}", row.line);
    result.rows.push_back(row.problem.empty()
                              ? ReadRow(row.cells, location)
                              : ImportedRow{.measurement = {}, .location = location, .problems = {row.problem}});
  }
  return result;
}

base::Error RefuseThreeHeaders() {
  return ReportFailure("NOT_A_REPORT",
                       "a GuideLLM CSV with three header rows (0.4 or later), in which columns may be shifted. Import "
                       "the JSON file of the same run.");
}

}  // namespace

bool GuidellmImporter::Recognises(const Document& document) const {
  const std::string_view header = document.FirstLine();
  return IsReport(document.content) || IsRowArray(document.content) || IsGuidellmCsvHeader(header) ||
         IsCsvWithThreeHeaders(header);
}

base::Result<ImportedReport> GuidellmImporter::Read(const Document& document) const {
  if (IsReport(document.content)) return ReadBenchmarks(document.content);
  if (IsRowArray(document.content)) return ReadRowArray(document);
  if (IsCsvWithThreeHeaders(document.FirstLine())) return base::Fail(RefuseThreeHeaders());
  return ReadCsv(document.text);
}

}  // namespace loadline::cli
