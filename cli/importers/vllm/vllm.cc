#include "cli/importers/vllm/vllm.h"

#include "cli/importers/document.h"
#include "cli/importers/elements.h"
#include "cli/importers/failure.h"
#include "cli/importers/row_reader.h"
#include "cli/importers/vllm/result.h"

namespace loadline::cli {
namespace {

using Json = nlohmann::json;

bool IsThroughput(const Json& result) {
  return HasAll(result, {"elapsed_time", "num_requests", "total_num_tokens", "tokens_per_second"});
}

/// What is saved beside a result for the dashboards of PyTorch.
bool IsDashboardEntry(const Json& entry) {
  return HasAll(entry, {"benchmark", "model", "metric"}) && ValueAt(entry, "/metric/benchmark_values") != nullptr;
}

}  // namespace

bool VllmImporter::Recognises(const Document& document) const {
  return AnyElement(document, IsVllmResult) || AnyElement(document, IsThroughput) ||
         AnyElement(document, IsDashboardEntry);
}

base::Result<ImportedReport> VllmImporter::Read(const Document& document, const ImportOptions& options) const {
  if (AnyElement(document, IsThroughput)) {
    return base::Fail(ReportFailure(
        "NOT_A_REPORT", "a result of `vllm bench throughput`, which measures no latencies. Run `vllm bench serve`."));
  }
  if (AnyElement(document, IsDashboardEntry)) {
    return base::Fail(
        ReportFailure("NOT_NEEDED", "written for a dashboard. Import the result beside it, without `.pytorch`."));
  }
  const auto read = [&](const Json& result) { return ReadVllmResult(result, options.itl_from); };
  return ImportedReport{.format = "vllm/bench-serve",
                        .rows = ReadElements(document, IsVllmResult, read, "a result of vllm bench serve")};
}

}  // namespace loadline::cli
