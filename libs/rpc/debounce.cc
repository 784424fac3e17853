#include "libs/rpc/debounce.h"

#include <algorithm>

namespace loadline::rpc {

std::optional<std::int64_t> Debounce::Admit(std::size_t key, base::Instant now) {
  const std::lock_guard lock(mutex_);
  auto& seen = seen_[key % seen_.size()];
  const bool same = seen.key == key && seen.count > 0;
  if (same && now - seen.since < kWindow) {
    if (++seen.count > kBurst) return std::nullopt;
    return 0;
  }
  const auto unwritten = same ? std::max<std::int64_t>(seen.count - kBurst, 0) : 0;
  seen = {.key = key, .since = now, .count = 1};
  return unwritten;
}

}  // namespace loadline::rpc
