#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "libs/base/result.h"

namespace loadline::cli {

/// Limits that keep hostile YAML from exhausting the stack or the memory.
struct YamlLimits {
  std::size_t max_bytes = std::size_t{64} << 20U;
  std::size_t max_depth = 64;
  /// Values in all, each use of an alias counted anew.
  std::size_t max_values = 10'000'000;
  /// What all values take, roughly, and each anchor once more.
  std::size_t max_value_bytes = std::size_t{512} << 20U;
};

/// The first YAML document of `text` as JSON. Plain scalars become null, true,
/// false and numbers as in YAML's core schema; `.nan` becomes null and an
/// infinity the text "Infinity" or "-Infinity", as `json::Parse` does. Fails
/// with `MALFORMED_YAML`, naming line and column.
base::Result<nlohmann::json> ParseYaml(std::string_view text, YamlLimits limits = {});

/// All YAML documents of `text`, in order, under the same rules.
base::Result<std::vector<nlohmann::json>> ParseYamlDocuments(std::string_view text, YamlLimits limits = {});

}  // namespace loadline::cli
