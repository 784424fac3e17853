#include "services/benchmark-store/api/time_limit_alarm.h"

#include <mutex>

#include "libs/rpc/deadline.h"

namespace loadline::store {

struct TimeLimitAlarm::Target {
  std::mutex mutex;
  grpc::ServerContext* context = nullptr;  // guarded by mutex; null: too late
};

TimeLimitAlarm::TimeLimitAlarm(grpc::ServerContext& context, base::Instant deadline)
    : target_(std::make_shared<Target>()) {
  target_->context = &context;
  alarm_.Set(rpc::ToGrpcTime(deadline), [target = target_](bool expired) {
    const std::lock_guard lock(target->mutex);
    if (expired && target->context != nullptr) target->context->TryCancel();
  });
}

TimeLimitAlarm::~TimeLimitAlarm() {
  const std::lock_guard lock(target_->mutex);
  target_->context = nullptr;
}

}  // namespace loadline::store
