#include "services/benchmark-store/api/time_limit_alarm.h"

#include <grpcpp/alarm.h>

#include <mutex>

namespace loadline::store {

struct TimeLimitAlarm::State {
  std::mutex mutex;
  grpc::ServerContext* context = nullptr;  // guarded by mutex; null: too late
  grpc::Alarm alarm;
};

TimeLimitAlarm::TimeLimitAlarm(grpc::ServerContext& context, std::chrono::system_clock::time_point deadline)
    : state_(std::make_shared<State>()) {
  state_->context = &context;
  state_->alarm.Set(deadline, [state = state_](bool expired) {
    const std::lock_guard lock(state->mutex);
    if (expired && state->context != nullptr) state->context->TryCancel();
  });
}

TimeLimitAlarm::~TimeLimitAlarm() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->context = nullptr;
  }
  state_->alarm.Cancel();
}

}  // namespace loadline::store
