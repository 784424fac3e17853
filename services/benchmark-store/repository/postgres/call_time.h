#pragma once

#include <algorithm>
#include <chrono>

#include "services/benchmark-store/repository/benchmark_repository.h"

namespace loadline::store::postgres {

/// How often a waiting call looks whether its caller is still there.
constexpr std::chrono::milliseconds kCancellationPoll(20);
/// What is as good as no limit.
constexpr std::chrono::milliseconds kLongestTime = std::chrono::hours(24);

/// The time of `scope` is up, or its caller has gone.
inline bool IsOver(const CallScope& scope) {
  return std::chrono::steady_clock::now() >= scope.deadline || scope.cancelled();
}

/// Between 1 ms and kLongestTime.
inline std::chrono::milliseconds TimeLeft(const CallScope& scope) {
  using std::chrono::milliseconds;
  if (scope.deadline == std::chrono::steady_clock::time_point::max()) return kLongestTime;
  const auto left = std::chrono::ceil<milliseconds>(scope.deadline - std::chrono::steady_clock::now());
  return std::clamp(left, milliseconds(1), kLongestTime);
}

/// A call of our own that nobody waits for.
inline CallScope Within(std::chrono::milliseconds patience) {
  return {.deadline = std::chrono::steady_clock::now() + patience};
}

}  // namespace loadline::store::postgres
