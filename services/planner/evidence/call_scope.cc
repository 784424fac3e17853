#include "services/planner/evidence/call_scope.h"

namespace loadline::planner {

base::Status CheckTime(const CallScope& scope) {
  if (std::chrono::steady_clock::now() >= scope.deadline) {
    return base::Fail({.code = base::ErrorCode::kDeadlineExceeded,
                       .reason = "DEADLINE_EXCEEDED",
                       .message = "The call's time ran out before its answer was complete. Retry with more."});
  }
  if (scope.cancelled()) {
    return base::Fail({.code = base::ErrorCode::kCancelled, .reason = "CANCELLED", .message = "The caller is gone."});
  }
  return {};
}

}  // namespace loadline::planner
