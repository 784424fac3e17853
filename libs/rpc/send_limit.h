#pragma once

#include <grpcpp/server_builder.h>

#include <chrono>

namespace loadline::rpc {

/// Makes the server end calls whose caller lets one message wait for longer
/// than `patience`. gRPC's synchronous server keeps a thread waiting for each
/// message that is sent: callers who never read would keep all of them, for a
/// time limit on the handler does not count what comes after it.
void LimitSending(std::chrono::milliseconds patience, grpc::ServerBuilder& builder);

}  // namespace loadline::rpc
