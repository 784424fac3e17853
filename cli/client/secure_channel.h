#pragma once

#include <grpcpp/channel.h>

#include <memory>

#include "cli/client/endpoint.h"
#include "libs/rpc/handshake.h"

namespace loadline::cli {

/// A channel to the endpoint, which must outlive it. Does not connect yet.
std::shared_ptr<grpc::Channel> ChannelTo(const Endpoint& endpoint);

/// For messages about calls to the endpoint.
rpc::ClientTls TlsOf(const Endpoint& endpoint);

}  // namespace loadline::cli
