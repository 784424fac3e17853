#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "cli/importers/document.h"
#include "cli/importers/failure.h"
#include "cli/importers/formats.h"
#include "cli/importers/importer.h"
#include "cli/importers/plausibility.h"
#include "cli/importers/settings.h"
#include "cli/importers/unusable.h"
#include "libs/base/sha256.h"

namespace loadline::cli {
namespace {

base::Error NotAReport(const Formats& formats, const Document& document) {
  std::string message = fmt::format("not a report of a known format. Known are: {}.", formats.Names());
  if (!document.yaml_problem.empty()) message += fmt::format(" (If it is meant as YAML: {}.)", document.yaml_problem);
  return ReportFailure("NOT_A_REPORT", std::move(message),
                       {{"known_formats", formats.Names()}, {"yaml_problem", document.yaml_problem}});
}

/// A report in which nothing worked is refused as a whole: there is nothing to
/// learn from it, and the run should be looked at.
base::Status CheckAnySucceeded(const ImportedReport& report) {
  if (report.rows.empty()) return base::Fail(ReportFailure("NOT_A_REPORT", "the report holds no benchmarks"));
  const bool all_failed = std::all_of(report.rows.begin(), report.rows.end(),
                                      [](const ImportedRow& row) { return row.measurement.completed_requests == 0; });
  if (!all_failed) return {};
  return base::Fail(ReportFailure("ALL_REQUESTS_FAILED",
                                  "no request of this report completed. See the log of the run, and run it again."));
}

base::Status CheckRowCount(const ImportedReport& report) {
  if (report.rows.size() <= kMaxRows) return {};
  const auto limit = std::to_string(kMaxRows);
  return base::Fail(ReportFailure("FILE_TOO_LARGE", fmt::format("holds more than {} rows. Split it.", limit),
                                  {{"limit_rows", limit}}));
}

/// An importer looks before it reads; what it overlooks is one file's trouble
/// and not that of all the others.
base::Result<ImportedReport> ReadSafely(const Importer& importer, const Document& document,
                                        const ImportOptions& options) {
  try {
    return importer.Read(document, options);
  } catch (const std::exception&) {  // Its text may quote the file.
    const std::string format(importer.name());
    return base::Fail(ReportFailure("NOT_A_REPORT",
                                    fmt::format("looks like a report of {} and is built differently. "
                                                "Save it again with the tool, or report it.",
                                                format),
                                    {{"format", format}}));
  }
}

void SetProvenance(const ReportFile& file, std::string_view tool, ImportedReport& report) {
  const std::string sha256 = base::Sha256Hex(file.text.view());
  for (ImportedRow& row : report.rows) {
    auto& provenance = row.measurement.provenance;
    provenance.format = report.format;
    provenance.sha256 = sha256;
    provenance.path = file.path;
    if (provenance.source.empty()) provenance.source = tool;
  }
}

/// "guidellm" of "guidellm/v2".
std::string_view ToolOf(std::string_view format) { return format.substr(0, format.find('/')); }

base::Result<Document> Open(const ReportFile& file, const Formats& formats) {
  LOADLINE_RETURN_IF_ERROR(CheckUsable(file.text.view()));
  LOADLINE_ASSIGN_OR_RETURN(Document document, OpenDocument(file.text.view(), {.skipped = formats.SkippedParts()}));
  document.path = file.path;
  document.neighbours = file.neighbours;
  return document;
}

void FinishRows(const ImportOptions& options, ImportedReport& report) {
  for (ImportedRow& row : report.rows) {
    CheckPlausibility(row);
    if (!options.explain) row.sources = {};
  }
}

}  // namespace

base::Result<ImportedReport> ReadReport(const ReportFile& file, const ImportOptions& options) {
  const Formats formats;
  LOADLINE_ASSIGN_OR_RETURN(const Document document, Open(file, formats));
  const Importer* importer = formats.For(document);
  if (importer == nullptr) return base::Fail(NotAReport(formats, document));
  LOADLINE_ASSIGN_OR_RETURN(ImportedReport report, ReadSafely(*importer, document, options));
  LOADLINE_RETURN_IF_ERROR(CheckRowCount(report));
  LOADLINE_RETURN_IF_ERROR(CheckAnySucceeded(report));
  FinishRows(options, report);
  LOADLINE_RETURN_IF_ERROR(ApplySettings(options, report));
  SetProvenance(file, ToolOf(report.format), report);
  return report;
}

}  // namespace loadline::cli
