#pragma once

#include <grpcpp/support/status.h>

#include "libs/base/error.h"

namespace loadline::rpc {

/// The domain of every ErrorInfo that Loadline sends.
inline constexpr char kErrorDomain[] = "loadline.dev";

/// `error` with its details as google.rpc messages: ErrorInfo always, and
/// BadRequest, RetryInfo, ResourceInfo, PreconditionFailure where they apply.
/// `error.detail` does not cross.
grpc::Status ToGrpcStatus(const base::Error& error);

/// The reverse, for clients. `status` must not be OK. A status without details
/// (from gRPC itself) gets the reason `TRANSPORT`.
base::Error FromGrpcStatus(const grpc::Status& status);

}  // namespace loadline::rpc
