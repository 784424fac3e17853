#pragma once

#include <chrono>
#include <functional>

namespace loadline::planner {

/// When a call must be done, and whether its caller has gone.
struct CallScope {
  std::chrono::system_clock::time_point deadline = std::chrono::system_clock::time_point::max();
  std::function<bool()> cancelled = [] { return false; };
};

}  // namespace loadline::planner
