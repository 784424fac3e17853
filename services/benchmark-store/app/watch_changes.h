#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "services/benchmark-store/app/repositories.h"

namespace loadline::store {

/// Where a watcher stands.
struct WatchPosition {
  domain::Revision revision = 0;
  std::string snapshot_id = {};
};

/// Calls `send` at once with what changed after `position`, then for each
/// change, and after every `heartbeat` without one with no changes. Returns
/// when the caller has gone or `send` returns false.
base::Status WatchChanges(const BenchmarkRepository& benchmarks, WatchPosition position,
                          std::chrono::milliseconds heartbeat, const CallScope& scope,
                          const std::function<bool(const Changes&)>& send);

}  // namespace loadline::store
