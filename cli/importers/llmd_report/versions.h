#pragma once

#include <nlohmann/json.hpp>

#include "cli/importers/importer.h"

namespace loadline::cli {

/// Reads a report of version 0.1. A run against an endpoint knows no host, and
/// calls the model "unknown": then the arguments of the load generator are
/// asked, which also know the rate of the stage.
ImportedRow ReadLlmdReport01(const nlohmann::json& report, ItlFrom itl_from);

/// Reads a report of version 0.2 or 0.2.1. Of the stack, the components of the
/// kind `inference_engine` count.
ImportedRow ReadLlmdReport02(const nlohmann::json& report, ItlFrom itl_from);

}  // namespace loadline::cli
