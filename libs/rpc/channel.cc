#include "libs/rpc/channel.h"

#include <fmt/format.h>
#include <grpcpp/create_channel.h>

#include <cctype>

#include "libs/rpc/deadline.h"
#include "libs/rpc/service_config.h"
#include "libs/rpc/status.h"

namespace loadline::rpc {
namespace {

// Answers with thousands of rows are larger than gRPC's 4 MiB.
constexpr int kMaxReceiveBytes = 64 << 20;

// What gRPC calls it when an attempt to connect takes longer than it may.
constexpr std::string_view kConnectTimedOut = "handshaker shutdown";

// The end of gRPC's chain of causes: "...: Failed to connect to remote host:
// Connection refused" is "connection refused".
std::string LastCause(std::string_view message) {
  if (message.ends_with(kConnectTimedOut)) return "no connection within a second";
  const auto colon = message.rfind(": ");
  std::string cause(colon == std::string_view::npos ? message : message.substr(colon + 2));
  if (!cause.empty()) cause[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(cause[0])));
  return cause;
}

std::string NotAnswering(const std::string& service_name, const std::string& target, std::string_view cause,
                         std::string_view setting) {
  const auto other = setting.empty() ? std::string("give its right address") : fmt::format("set {}", setting);
  return fmt::format("{} at {} does not answer ({}). Is it running? Start it with `make run`, or {}.", service_name,
                     target, LastCause(cause), other);
}

std::string NoConnection(const std::string& service_name, const std::string& target, std::string_view cause,
                         const std::string& advice) {
  return fmt::format("{} at {} gives no connection ({}). {}", service_name, target, LastCause(cause), advice);
}

}  // namespace

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& target, const ChannelSecurity& security) {
  grpc::ChannelArguments arguments;
  // A peer that vanished without closing is noticed within 13 s.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 10'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 3'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 500);
  // Despite its name this is the time that one attempt to connect may take.
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 1'000);
  arguments.SetInt(GRPC_ARG_DNS_MIN_TIME_BETWEEN_RESOLUTIONS_MS, 1'000);
  arguments.SetMaxReceiveMessageSize(kMaxReceiveBytes);
  arguments.SetServiceConfigJSON(ServiceConfig(target));
  if (!security.server_name.empty()) arguments.SetSslTargetNameOverride(security.server_name);
  const auto credentials = security.credentials ? security.credentials : grpc::InsecureChannelCredentials();
  return grpc::CreateCustomChannel(target, credentials, arguments);
}

void SetDeadline(grpc::ClientContext& context, std::chrono::milliseconds timeout) {
  context.set_deadline(ToGrpcTime(std::chrono::steady_clock::now() + timeout));
}

base::Error ClientError(const grpc::Status& status, const std::string& service_name, const std::string& target,
                        std::string_view setting, const ClientTls& tls) {
  auto error = FromGrpcStatus(status);
  if (error.reason != "TRANSPORT") return error;
  error.metadata = {{"service", service_name}, {"target", target}};
  if (error.code == base::ErrorCode::kUnavailable) {
    error.message = NotAnswering(service_name, target, status.error_message(), setting);
    const auto advice = HandshakeAdvice(status.error_message(), tls);
    if (!advice.empty()) error.message = NoConnection(service_name, target, status.error_message(), advice);
  } else if (error.code == base::ErrorCode::kDeadlineExceeded) {
    error.message = fmt::format("{} at {} did not answer in time. It may be busy: try again.", service_name, target);
  } else if (status.error_code() == grpc::StatusCode::UNIMPLEMENTED) {
    error.message = fmt::format("What listens at {} is not {}, or another version of it.", target, service_name);
  }
  return error;
}

}  // namespace loadline::rpc
