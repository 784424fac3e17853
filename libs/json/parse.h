#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "libs/base/result.h"

namespace loadline::json {

/// Limits that keep hostile input from exhausting the stack or the memory.
struct ParseLimits {
  std::size_t max_depth = 64;
};

/// Parses JSON, skipping a byte order mark. The tokens NaN, Infinity and
/// -Infinity are accepted, as Python writes them: NaN becomes null, and an
/// infinity becomes the string "Infinity" or "-Infinity".
/// Fails with `kInvalidArgument` (reason `MALFORMED_JSON`), naming line and
/// column (in bytes) of the mistake, both from 1, and what was expected there.
base::Result<nlohmann::json> Parse(std::string_view text, ParseLimits limits = {});

}  // namespace loadline::json
