#pragma once

#include "cli/importers/document.h"
#include "libs/base/result.h"

namespace loadline::cli {

/// Fails with `FILE_TOO_LARGE` or `NOT_A_REPORT`, and what to do, for files
/// that are known to be of no use before they are parsed: too large, empty,
/// binary.
base::Status CheckUsable(std::string_view text);

/// The same for what is known but holds no latencies that could be used.
base::Status CheckUsable(const Document& document);

}  // namespace loadline::cli
