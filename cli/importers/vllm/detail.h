#pragma once

#include <nlohmann/json.hpp>

#include "cli/importers/importer.h"

namespace loadline::cli {

/// Fills in the latency statistics that `row` lacks from the arrays
/// that `--save-detailed` adds to a result (`ttfts`, `itls`, `latencies`,
/// `output_lens`, `errors`; in seconds, one element a request). Failed requests
/// do not count. Percentiles are interpolated linearly between requests, as
/// vLLM's own are. What is no number is a problem of the row.
void FillInFromVllmDetail(const nlohmann::json& result, ImportedRow& row);

}  // namespace loadline::cli
