#pragma once

#include <atomic>
#include <memory>

#include "libs/base/result.h"

namespace loadline::store {

/// Bounds how many watches there are at once, since each holds a thread.
/// Thread-safe.
class WatcherLimit {
 public:
  explicit WatcherLimit(int limit) : limit_(limit) {}

  /// A watcher's place, given back when it is destroyed.
  using Place = std::shared_ptr<void>;

  /// Fails with `kResourceExhausted` (`TOO_MANY_WATCHERS`) if all are taken.
  base::Result<Place> Take();

  int taken() const { return taken_; }
  int limit() const { return limit_; }

 private:
  const int limit_;
  std::atomic<int> taken_ = 0;
};

}  // namespace loadline::store
