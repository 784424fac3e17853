#pragma once

#include <nlohmann/json.hpp>

#include "cli/importers/importer.h"

namespace loadline::cli {

/// True if `value` has the metrics of a run, each with a unit.
bool IsAiperfProfile(const nlohmann::json& value);

/// Reads one run. Metrics are `{"unit": "ms", "avg": ..., "p99": ...}`; the
/// configuration is found where any of three generations put it.
ImportedRow ReadAiperfProfile(const nlohmann::json& profile, const ImportOptions& options);

}  // namespace loadline::cli
