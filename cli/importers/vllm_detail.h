#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "libs/domain/benchmark.h"

namespace loadline::cli {

/// Fills in the latency statistics that `measurement` lacks from the arrays
/// that `--save-detailed` adds to a result (`ttfts`, `itls`, `latencies`,
/// `output_lens`, `errors`; in seconds, one element a request). Failed requests
/// do not count. Percentiles are interpolated linearly between requests, as
/// vLLM's own are. What is no number is added to `problems`.
void FillInFromVllmDetail(const nlohmann::json& result, domain::Measurement& measurement,
                          std::vector<std::string>& problems);

}  // namespace loadline::cli
