#pragma once

#include <grpcpp/support/server_interceptor.h>

#include <chrono>
#include <memory>

namespace loadline::rpc {

/// Makes the server end calls whose caller lets one message wait for longer
/// than `patience`. gRPC's synchronous server keeps a thread waiting for each
/// message that is sent: callers who never read would keep all of them, for a
/// time limit on the handler does not count what comes after it.
std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> SendLimit(std::chrono::milliseconds patience);

}  // namespace loadline::rpc
