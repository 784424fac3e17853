#include "services/benchmark-store/app/watch_changes.h"

namespace loadline::store {

base::Status WatchChanges(const BenchmarkRepository& benchmarks, WatchPosition position,
                          std::chrono::milliseconds heartbeat, const CallScope& scope,
                          const std::function<bool(const Changes&)>& send) {
  while (!scope.cancelled()) {
    LOADLINE_ASSIGN_OR_RETURN(const auto changes,
                              benchmarks.ChangesSince(position.revision, position.snapshot_id, scope));
    if (!send(changes)) break;
    position = {.revision = changes.revision, .snapshot_id = changes.snapshot_id};
    LOADLINE_RETURN_IF_ERROR(benchmarks.AwaitChange(position.revision, heartbeat, scope));
  }
  return {};
}

}  // namespace loadline::store
