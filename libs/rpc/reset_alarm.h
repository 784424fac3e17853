#pragma once

#include <grpcpp/support/server_interceptor.h>

#include <functional>
#include <memory>

namespace loadline::rpc {

/// Calls `alarm` for every `most` calls that were cancelled within a second, not
/// counting those whose time was up. It is made before the first server of the
/// process.
///
/// This version of gRPC begins every call and keeps it until a thread has seen
/// that it was reset: one connection can begin 100,000 in a second
/// (CVE-2023-44487). Whose they were is no longer known then. `alarm` is called
/// by the threads that ran the calls; it must be thread-safe, and quick.
std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> ResetAlarm(int most,
                                                                                  std::function<void()> alarm);

}  // namespace loadline::rpc
