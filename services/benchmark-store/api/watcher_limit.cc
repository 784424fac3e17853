#include "services/benchmark-store/api/watcher_limit.h"

#include <fmt/format.h>

namespace loadline::store {
namespace {

constexpr std::chrono::milliseconds kRetryAfter(1000);

base::Error TooManyWatchers(int limit) {
  return {.code = base::ErrorCode::kResourceExhausted,
          .reason = "TOO_MANY_WATCHERS",
          .message = fmt::format("All {} watches that this store allows are taken (MAX_WATCHERS). Retry later.", limit),
          .metadata = {{"limit", std::to_string(limit)}},
          .retry_after = kRetryAfter};
}

}  // namespace

base::Result<WatcherLimit::Place> WatcherLimit::Take() {
  if (++taken_ <= limit_) return Place(nullptr, [this](void*) { --taken_; });
  --taken_;
  return base::Fail(TooManyWatchers(limit_));
}

}  // namespace loadline::store
