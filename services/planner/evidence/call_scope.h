#pragma once

#include <chrono>
#include <functional>

#include "libs/base/result.h"

namespace loadline::planner {

/// When a call must be done, and whether its caller has gone.
struct CallScope {
  std::chrono::system_clock::time_point deadline = std::chrono::system_clock::time_point::max();
  std::function<bool()> cancelled = [] { return false; };
};

/// Fails with `kDeadlineExceeded` once the call's time ran out, and with
/// `kCancelled` once its caller is gone.
base::Status CheckTime(const CallScope& scope);

}  // namespace loadline::planner
