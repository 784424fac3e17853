#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/security/credentials.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "libs/base/result.h"
#include "libs/rpc/handshake.h"

namespace loadline::rpc {

/// How a channel is protected.
struct ChannelSecurity {
  /// Null: plaintext. See Credentials::ForChannels.
  std::shared_ptr<grpc::ChannelCredentials> credentials = {};
  /// The name that the server's certificate must have; empty: the target's host.
  std::string server_name = {};
};

/// One channel to `target` ("host:port" or "dns:///host:port"), with keepalive,
/// a reconnect backoff of at most 1 s, and what ServiceConfig says of retries
/// and of several servers. Does not connect yet.
std::shared_ptr<grpc::Channel> MakeChannel(const std::string& target, const ChannelSecurity& security = {});

/// Sets the deadline of a call; every call has one.
void SetDeadline(grpc::ClientContext& context, std::chrono::milliseconds timeout);

/// The error of a finished call, which must not be OK: details unpacked, and
/// for an address that does not answer a message that names `target`, says how
/// to start the service, and `setting`, which holds the address (`--store`).
/// Where `tls` names its settings and the two sides did not agree on TLS, it
/// says what to do about that instead.
base::Error ClientError(const grpc::Status& status, const std::string& service_name, const std::string& target,
                        std::string_view setting = {}, const ClientTls& tls = {});

}  // namespace loadline::rpc
