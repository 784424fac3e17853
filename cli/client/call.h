#pragma once

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <string>

#include "cli/client/endpoint.h"
#include "libs/base/result.h"
#include "libs/rpc/channel.h"

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
  return rpc::ClientError(status, peer.service, peer.endpoint.address, peer.setting);
}

/// Makes one call with its deadline.
template <typename Stub, typename Request, typename Response>
base::Result<Response> Call(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                            const Request& request, const Peer& peer) {
  grpc::ClientContext context;
  rpc::SetDeadline(context, peer.endpoint.timeout);
  Response response;
  const grpc::Status status = (stub.*method)(&context, request, &response);
  if (!status.ok()) return base::Fail(CallError(status, peer));
  return response;
}

}  // namespace loadline::cli
