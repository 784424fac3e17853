#include "cli/importers/inference_perf/inference_perf.h"

#include <algorithm>
#include <string>
#include <utility>

#include "cli/importers/document.h"
#include "cli/importers/elements.h"
#include "cli/importers/failure.h"
#include "cli/importers/inference_perf/stage.h"
#include "cli/importers/row_reader.h"

namespace loadline::cli {
namespace {

using Json = nlohmann::json;

bool IsLifecycle(const Json& value) { return HasAll(value, {"load_summary", "successes", "failures"}); }

bool IsRequest(const Json& value) { return HasAll(value, {"request", "response", "start_time", "end_time"}); }

bool IsOfPrometheus(const Json& report) { return ValueAt(report, "/successes/latency") == nullptr; }

bool IsSummary(const Json& report) { return ValueAt(report, "/load_summary/requested_rate") == nullptr; }

bool IsStageFile(const std::string& name) {
  return name.starts_with("stage_") && name.find("_lifecycle_metrics.") != std::string::npos;
}

bool HasStageFiles(const Neighbours& neighbours) {
  const auto names = neighbours.names();
  return std::any_of(names.begin(), names.end(), IsStageFile);
}

base::Error OfPrometheus(const Neighbours& neighbours) {
  return ReportFailure(HasStageFiles(neighbours) ? "NOT_NEEDED" : "NOT_A_REPORT",
                       "a summary of Prometheus metrics, which are of the server and not of requests. Import the stage "
                       "files (stage_N_lifecycle_metrics.json) of the same run.");
}

}  // namespace

bool InferencePerfImporter::Recognises(const Document& document) const {
  return IsLifecycle(document.content) || AnyElement(document, IsRequest);
}

base::Result<ImportedReport> InferencePerfImporter::Read(const Document& document, const ImportOptions& options) const {
  const Json& content = document.content;
  if (!IsLifecycle(content)) {
    return base::Fail(ReportFailure("NOT_NEEDED", "the single requests of a run. Import the stage files beside it."));
  }
  if (IsOfPrometheus(content)) return base::Fail(OfPrometheus(document.neighbours));
  if (IsSummary(content) && HasStageFiles(document.neighbours)) {
    return base::Fail(ReportFailure("NOT_NEEDED", "the summary of stages whose own files lie beside it"));
  }
  ImportedReport report{.format = "inference-perf/lifecycle"};
  report.rows.push_back(ReadInferencePerfStage(document, options.itl_from));
  if (IsSummary(content)) {
    report.rows.back().warnings.emplace_back("a summary of all stages: it has no offered rate. Import the stage files");
  }
  return report;
}

}  // namespace loadline::cli
