#pragma once

#include <string>

#include "cli/importers/importer.h"
#include "libs/base/result.h"

namespace loadline::cli {

/// Applies the overrides of `options` to every row and its fallbacks to what a
/// row does not say, and writes versions as NormalVersion does. What no row has
/// then fails with `MISSING_SETTING`, one violation for each flag to give; a
/// single row that lacks what others have gets a problem.
base::Status ApplySettings(const ImportOptions& options, ImportedReport& report);

/// `version` without the "v" of a tag: "v0.8.4" and "0.8.4" are one version.
std::string NormalVersion(const std::string& version);

}  // namespace loadline::cli
