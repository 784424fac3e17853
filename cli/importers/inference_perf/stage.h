#pragma once

#include "cli/importers/document.h"
#include "cli/importers/importer.h"

namespace loadline::cli {

/// Reads the lifecycle metrics of a stage, which are in seconds.
ImportedRow ReadInferencePerfStage(const Document& document, ItlFrom itl_from);

}  // namespace loadline::cli
