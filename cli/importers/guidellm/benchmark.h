#pragma once

#include <nlohmann/json.hpp>

#include "cli/importers/importer.h"

namespace loadline::cli {

/// Reads one element of `benchmarks` of a GuideLLM report of any generation.
/// `report` is the whole, for what is said there once for all.
ImportedRow ReadGuidellmBenchmark(const nlohmann::json& report, const nlohmann::json& benchmark);

}  // namespace loadline::cli
