#pragma once

#include <functional>

#include "loadline/benchmark/v1/benchmark_service.pb.h"
#include "services/benchmark-store/app/import_benchmarks.h"

namespace loadline::store {

/// Feeds the messages of a stream to `intake`, up to its `commit`, and ends it.
/// `read` gets the next message, or returns false at the end of the stream.
/// Fails with `kInvalidArgument` if there is no `commit` or a message is not as
/// the contract says, and with `kDeadlineExceeded` when the time of `scope` is
/// up; then `intake` is not finished and stores nothing. `on_progress` hears of
/// every message and of the merge, and must not block. `Request` is
/// ImportBenchmarksRequest or ImportWithProgressRequest.
template <typename Request>
base::Result<ImportSummary> ReceiveImport(const std::function<bool(Request*)>& read, ImportBenchmarks& intake,
                                          const CallScope& scope, const OnImportProgress& on_progress);

}  // namespace loadline::store
