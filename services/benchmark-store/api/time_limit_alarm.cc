#include "services/benchmark-store/api/time_limit_alarm.h"

#include <mutex>

namespace loadline::store {

struct TimeLimitAlarm::Target {
  std::mutex mutex;
  grpc::ServerContext* context = nullptr;  // guarded by mutex; null: too late
};

TimeLimitAlarm::TimeLimitAlarm(grpc::ServerContext& context, std::chrono::system_clock::time_point deadline)
    : target_(std::make_shared<Target>()) {
  target_->context = &context;
  alarm_.Set(deadline, [target = target_](bool expired) {
    const std::lock_guard lock(target->mutex);
    if (expired && target->context != nullptr) target->context->TryCancel();
  });
}

TimeLimitAlarm::~TimeLimitAlarm() {
  const std::lock_guard lock(target_->mutex);
  target_->context = nullptr;
}

}  // namespace loadline::store
