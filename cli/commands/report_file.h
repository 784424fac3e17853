#pragma once

#include <string>

#include "cli/importers/importer.h"
#include "libs/base/result.h"

namespace loadline::cli {

/// Reads the whole file at `path`, dropping a byte order mark. Fails with
/// `kInvalidArgument`: `CANNOT_READ` or `FILE_TOO_LARGE`.
base::Result<ReportFile> ReadReportFile(const std::string& path);

}  // namespace loadline::cli
