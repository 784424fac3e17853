#pragma once

#include <fmt/format.h>

#include <iterator>
#include <optional>
#include <string_view>
#include <vector>

#include "libs/base/result.h"

namespace loadline::planner {

using Violations = std::vector<base::FieldViolation>;

/// The value of `result`; or nullopt, and its violations go to `violations`.
template <typename T>
std::optional<T> ValueOr(base::Result<T> result, Violations* violations) {
  if (result) return std::move(*result);
  auto& found = result.error().violations;
  violations->insert(violations->end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
  return std::nullopt;
}

/// Adds a violation unless `min` <= `value` <= `max`. NaN is no such value.
inline void CheckRange(std::string_view field, double value, double min, double max, Violations* violations) {
  if (value >= min && value <= max) return;
  violations->push_back({std::string(field), fmt::format("must be from {} to {}; found {}", min, max, value)});
}

/// Adds a violation unless 0 < `value` <= `max`. NaN is no such value.
inline void CheckPositive(std::string_view field, double value, double max, Violations* violations) {
  if (value > 0 && value <= max) return;
  violations->push_back(
      {std::string(field), fmt::format("must be greater than 0 and at most {}; found {}", max, value)});
}

}  // namespace loadline::planner
