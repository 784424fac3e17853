#pragma once

#include <grpcpp/server_context.h>

#include <chrono>
#include <memory>

namespace loadline::store {

/// Cancels a call when its time is up, until destroyed: a handler that is
/// blocked in reading a stream looks at no clock. `context` must outlive it.
class TimeLimitAlarm {
 public:
  TimeLimitAlarm(grpc::ServerContext& context, std::chrono::system_clock::time_point deadline);
  ~TimeLimitAlarm();
  TimeLimitAlarm(const TimeLimitAlarm&) = delete;
  TimeLimitAlarm& operator=(const TimeLimitAlarm&) = delete;

 private:
  struct State;
  // Shared with the alarm's callback, which may run later than we live.
  const std::shared_ptr<State> state_;
};

}  // namespace loadline::store
