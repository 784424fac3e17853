#pragma once

#include <functional>

#include "libs/base/clock.h"
#include "libs/base/result.h"

namespace loadline::planner {

/// When a call must be done, and whether its caller has gone.
struct CallScope {
  base::Instant deadline = base::Instant::max();
  std::function<bool()> cancelled = [] { return false; };
};

/// Fails with `kDeadlineExceeded` once the call's time ran out, and with
/// `kCancelled` once its caller is gone.
base::Status CheckTime(const CallScope& scope);

}  // namespace loadline::planner
