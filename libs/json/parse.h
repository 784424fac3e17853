#pragma once

#include <cstddef>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"

namespace loadline::json {

/// Limits that keep hostile input from exhausting the stack or the memory.
struct ParseLimits {
  std::size_t max_depth = 64;
  /// Roughly what the parsed document may take.
  std::size_t max_bytes = std::numeric_limits<std::size_t>::max();
  /// JSON pointers of values that are of no interest, such as
  /// "/benchmarks/*/requests"; `*` is any element of an array. They become null,
  /// whatever they hold.
  std::vector<std::string> skipped = {};
};

/// Parses JSON, skipping a byte order mark. The tokens NaN, Infinity and
/// -Infinity are accepted, as Python writes them: NaN becomes null, and an
/// infinity becomes the string "Infinity" or "-Infinity".
/// Fails with `kInvalidArgument` (reason `MALFORMED_JSON`), naming line and
/// column (in bytes) of the mistake, both from 1, and what was expected there;
/// or with the reason `DOCUMENT_TOO_LARGE`.
base::Result<nlohmann::json> Parse(std::string_view text, const ParseLimits& limits = {});

}  // namespace loadline::json
