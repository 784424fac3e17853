#pragma once

#include <string>

#include "cli/importers/importer.h"
#include "libs/base/result.h"

namespace loadline::cli {

/// Opens the file at `path`, and looks at what lies beside it. A large file is
/// mapped rather than read, so that it takes no memory of its own. Fails with
/// `kInvalidArgument`: `CANNOT_READ` or `FILE_TOO_LARGE` (kMaxReportBytes).
base::Result<ReportFile> ReadReportFile(const std::string& path);

}  // namespace loadline::cli
