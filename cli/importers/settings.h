#pragma once

#include "cli/importers/importer.h"
#include "libs/base/result.h"

namespace loadline::cli {

/// Applies `overrides` to every row. What no row has then fails with
/// `MISSING_SETTING`, one violation for each flag to give; a single row that
/// lacks what others have gets a problem.
base::Status ApplySettings(const ImportOverrides& overrides, ImportedReport& report);

}  // namespace loadline::cli
