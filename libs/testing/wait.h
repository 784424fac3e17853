#pragma once

#include <chrono>
#include <thread>

namespace loadline::testing {

/// Waits until `condition()` is true and returns whether it came true within
/// `timeout`. The only place of the tests that yields by time.
template <typename Condition>
bool WaitFor(const Condition& condition, std::chrono::milliseconds timeout = std::chrono::seconds(10)) {
  const auto end = std::chrono::steady_clock::now() + timeout;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

}  // namespace loadline::testing
