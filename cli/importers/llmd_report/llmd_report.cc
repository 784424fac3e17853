#include "cli/importers/llmd_report/llmd_report.h"

#include "cli/importers/document.h"
#include "cli/importers/elements.h"
#include "cli/importers/llmd_report/versions.h"
#include "cli/importers/row_reader.h"

namespace loadline::cli {
namespace {

using Json = nlohmann::json;

bool IsVersion01(const Json& value) { return value.contains("metrics"); }

/// The number may stand without quotes in YAML.
bool IsReport(const Json& value) {
  return value.is_object() && FirstTextAt(value, {"/version"}).starts_with("0.") && value.contains("scenario") &&
         (IsVersion01(value) || value.contains("results"));
}

}  // namespace

bool LlmdReportImporter::Recognises(const Document& document) const { return AnyElement(document, IsReport); }

base::Result<ImportedReport> LlmdReportImporter::Read(const Document& document, const ImportOptions& options) const {
  const auto read = [&](const Json& report) {
    return IsVersion01(report) ? ReadLlmdReport01(report, options.itl_from)
                               : ReadLlmdReport02(report, options.itl_from);
  };
  const Json& first = document.content.is_array() ? document.content.front() : document.content;
  return ImportedReport{.format = "llm-d/v" + FirstTextAt(first, {"/version"}),
                        .rows = ReadElements(document, IsReport, read, "a benchmark report of llm-d")};
}

}  // namespace loadline::cli
