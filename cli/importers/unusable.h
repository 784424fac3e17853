#pragma once

#include <string_view>

#include "libs/base/result.h"

namespace loadline::cli {

/// Fails with `FILE_TOO_LARGE` or `NOT_A_REPORT`, and what to do, for files
/// that no format can read: too large, empty, in UTF-16.
base::Status CheckUsable(std::string_view text);

}  // namespace loadline::cli
