#pragma once

#include <grpcpp/server_context.h>

#include <memory>
#include <string>
#include <vector>

#include "libs/rpc/pipeline.h"

namespace loadline::rpc {

/// Who calls: the URI (such as "spiffe://loadline/planner") that the CA has
/// certified, or, of a certificate with none or several, nothing. Empty without
/// a client certificate.
std::string CallerOf(const grpc::ServerContext& context);

/// Whether `caller` is one of `allowed`: by its whole URI, or by an entry that
/// ends in `/*`, for which it begins with what stands before the `*` and goes on.
bool IsAllowed(const std::string& caller, const std::vector<std::string>& allowed);

/// Refuses calls of others than `allowed` with `kPermissionDenied`
/// (`CALLER_NOT_ALLOWED`). Health checks and reflection are answered without a
/// pipeline, so they are not behind it: whoever may connect may ask them.
std::unique_ptr<const Stage> AllowCallers(std::vector<std::string> allowed);

}  // namespace loadline::rpc
