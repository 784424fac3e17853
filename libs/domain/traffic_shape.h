#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "libs/base/result.h"

namespace loadline::domain {

/// Mean input and output tokens per request.
struct TrafficShape {
  /// Less is no traffic, and would make distances and costs per token infinite.
  static constexpr double kMinTokens = 0.001;
  static constexpr double kMaxTokens = 10'000'000;

  double input_tokens = 0;
  double output_tokens = 0;

  /// Fails with one violation for each number that is not in [kMinTokens, kMaxTokens];
  /// fields are `<field>.input_tokens` and `<field>.output_tokens`.
  static base::Result<TrafficShape> Make(double input_tokens, double output_tokens, std::string_view field = "shape");

  /// "(512, 256)".
  std::string ToString() const;

  // clang-tidy 14 takes the 0 of a comparison for a null pointer.
  // NOLINTNEXTLINE(modernize-use-nullptr)
  friend auto operator<=>(const TrafficShape&, const TrafficShape&) = default;
};

/// How far a measured shape is from an asked one:
/// `sqrt(((in - in') / in)^2 + ((out - out') / out)^2)` with `in`, `out` asked.
/// 0 for the same shape; no unit; not symmetric.
double Distance(const TrafficShape& asked, const TrafficShape& measured);

}  // namespace loadline::domain
