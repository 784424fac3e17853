#pragma once

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <string>

#include "cli/client/endpoint.h"
#include "cli/client/retry.h"
#include "cli/client/secure_channel.h"
#include "libs/base/result.h"
#include "libs/rpc/channel.h"
#include "libs/rpc/deadline.h"
#include "libs/rpc/span.h"

namespace loadline::cli {

/// A service as messages about it name it.
struct Peer {
  /// Such as "benchmark-store".
  std::string service;
  /// The setting that holds its address, such as "--store".
  std::string setting;
  Endpoint endpoint;
};

/// The error of a finished call to `peer`, which must not be OK.
inline base::Error CallError(const grpc::Status& status, const Peer& peer) {
  return rpc::ClientError(status, peer.service, peer.endpoint.address, peer.setting, TlsOf(peer.endpoint));
}

/// Makes a call within the endpoint's timeout, as part of the thread's trace; see
/// WithRetries.
template <typename Stub, typename Request, typename Response>
base::Result<Response> Call(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                            const Request& request, const Peer& peer) {
  return WithRetries(peer.endpoint, peer.service, [&](base::Instant deadline) -> base::Result<Response> {
    grpc::ClientContext context;
    context.set_deadline(rpc::ToGrpcTime(deadline));
    rpc::PropagateTrace(context);
    Response response;
    const grpc::Status status = (stub.*method)(&context, request, &response);
    if (!status.ok()) return base::Fail(CallError(status, peer));
    return response;
  });
}

}  // namespace loadline::cli
