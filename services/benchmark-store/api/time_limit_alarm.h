#pragma once

#include <grpcpp/alarm.h>
#include <grpcpp/server_context.h>

#include <memory>

#include "libs/base/clock.h"

namespace loadline::store {

/// Cancels a call when its time is up, until destroyed: a handler that is
/// blocked in reading a stream looks at no clock. `context` must outlive it.
class TimeLimitAlarm {
 public:
  TimeLimitAlarm(grpc::ServerContext& context, base::Instant deadline);
  ~TimeLimitAlarm();
  TimeLimitAlarm(const TimeLimitAlarm&) = delete;
  TimeLimitAlarm& operator=(const TimeLimitAlarm&) = delete;

 private:
  struct Target;
  // Shared with the alarm's callback, which may run later than we live. It must
  // not own the alarm: an alarm keeps its callback for as long as it lives.
  const std::shared_ptr<Target> target_;
  grpc::Alarm alarm_;
};

}  // namespace loadline::store
