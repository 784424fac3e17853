#pragma once

#include <grpc/support/time.h>
#include <grpcpp/server_context.h>

#include "libs/base/clock.h"

/// Deadlines are moments of monotonic time: whoever sets the wall clock during a
/// call, as NTP and virtual machines that were suspended do, moves none. gRPC's
/// own `std::chrono` interface is in wall-clock time, and so not used.
namespace loadline::rpc {

/// For `grpc::ClientContext`, completion queues and alarms.
gpr_timespec ToGrpcTime(base::Instant deadline);

/// When the client wants its answer; `Instant::max()` if it set no deadline.
base::Instant DeadlineOf(const grpc::ServerContext& context);

}  // namespace loadline::rpc
