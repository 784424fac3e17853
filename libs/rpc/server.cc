#include "libs/rpc/server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/security/server_credentials.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <mutex>

#include "grpc/health/v1/health.pb.h"
#include "libs/rpc/deadline.h"
#include "libs/rpc/reset_alarm.h"
#include "libs/rpc/send_limit.h"

namespace loadline::rpc {
namespace {

constexpr int kMaxSendBytes = 64 << 20;
constexpr int kMaxMetadataBytes = 8 << 10;
constexpr int kMaxPingStrikes = 2;
// From the first byte to the client's SETTINGS; gRPC's own is two minutes.
constexpr std::chrono::milliseconds kHandshakeTimeout(10'000);
// Clients that call less often connect again in less time than a call takes.
constexpr std::chrono::milliseconds kIdleTimeout(900'000);
// In a second, over all connections.
constexpr int kMaxResets = 64;
// gRPC's default of one waiting thread, two at most, starts and ends a thread
// for every call that comes while another runs.
constexpr int kIdleThreads = 4;

// Plugins are process-wide switches of gRPC that are not thread-safe.
void EnablePlugins(bool reflection) {
  // Keeps the linker from dropping what reflection describes.
  google::protobuf::LinkMessageReflection<grpc::health::v1::HealthCheckRequest>();
  static std::once_flag health_once;
  static std::once_flag reflection_once;
  std::call_once(health_once, [] { grpc::EnableDefaultHealthCheckService(true); });
  if (reflection) std::call_once(reflection_once, [] { grpc::reflection::InitProtoReflectionServerBuilderPlugin(); });
}

// gRPC unpacks a message before it looks at its size: 4 MB of gzip are 4 GB.
void RefuseCompression(grpc::ServerBuilder& builder) {
  for (const auto algorithm : {GRPC_COMPRESS_DEFLATE, GRPC_COMPRESS_GZIP}) {
    builder.SetCompressionAlgorithmSupportStatus(algorithm, false);
  }
}

void LimitResources(const ServerOptions& options, grpc::ServerBuilder& builder) {
  // One thread of the quota waits for calls and never runs a handler.
  grpc::ResourceQuota quota("loadline");
  quota.SetMaxThreads(options.max_threads + 1).Resize(options.transport_max_bytes);
  builder.SetResourceQuota(quota);
  builder.SetSyncServerOption(grpc::ServerBuilder::MIN_POLLERS, std::min(kIdleThreads, options.max_threads));
  builder.SetSyncServerOption(grpc::ServerBuilder::MAX_POLLERS, options.max_threads);
  builder.SetMaxReceiveMessageSize(options.max_receive_bytes);
  builder.SetMaxSendMessageSize(kMaxSendBytes);
  RefuseCompression(builder);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, options.max_streams_per_connection);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
}

// A time of days in milliseconds is more than an int.
int Milliseconds(std::chrono::milliseconds time) {
  return static_cast<int>(std::min<std::int64_t>(time.count(), std::numeric_limits<int>::max()));
}

void LimitTimes(const ServerOptions& options, grpc::ServerBuilder& builder) {
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, Milliseconds(kHandshakeTimeout));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, Milliseconds(kIdleTimeout));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, Milliseconds(options.max_connection_age));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, Milliseconds(options.longest_call));
}

void TuneConnections(grpc::ServerBuilder& builder) {
  // Clients ping every 10 s, also between calls; see MakeChannel.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 5'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, kMaxPingStrikes);
  // A watcher that vanished without closing gives its thread back.
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
}

std::shared_ptr<grpc::ServerCredentials> CredentialsOf(const ServerOptions& options) {
  return options.credentials ? options.credentials : grpc::InsecureServerCredentials();
}

using Acceptor = grpc::experimental::ExternalConnectionAcceptor;
using FromDescriptor = grpc::ServerBuilder::experimental_type::ExternalConnectionType;

void HandOver(Acceptor& acceptor, int listener_fd, int fd) {
  Acceptor::NewConnectionParameters connection;
  connection.listener_fd = listener_fd;
  connection.fd = fd;
  acceptor.HandleNewConnection(&connection);
}

void LimitCallers(const ServerOptions& options, Listener& listener, grpc::ServerBuilder& builder) {
  std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> limits;
  limits.push_back(SendLimit(options.send_patience));
  limits.push_back(ResetAlarm(kMaxResets, [&listener] { listener.CutLoudest(); }));
  builder.experimental().SetInterceptorCreators(std::move(limits));
}

}  // namespace

base::Result<std::unique_ptr<Server>> Server::Start(const ServerOptions& options,
                                                    const std::vector<grpc::Service*>& services) {
  LOADLINE_ASSIGN_OR_RETURN(auto listener, Listener::Open({.addresses = options.listen, .caps = options.connections}));
  EnablePlugins(options.reflection);
  grpc::ServerBuilder builder;
  LimitResources(options, builder);
  LimitTimes(options, builder);
  TuneConnections(builder);
  LimitCallers(options, *listener, builder);
  std::shared_ptr<Acceptor> acceptor =
      builder.experimental().AddExternalConnectionAcceptor(FromDescriptor::FROM_FD, CredentialsOf(options));
  for (auto* service : services) builder.RegisterService(service);
  auto running = builder.BuildAndStart();
  if (running == nullptr) return base::Fail(CannotListen(options.listen, "gRPC does not start"));
  std::unique_ptr<Server> server(new Server(std::move(running), std::move(listener)));
  server->SetServing(options.service_names, false);
  server->listener_->Start([acceptor](int listener_fd, int fd) { HandOver(*acceptor, listener_fd, fd); });
  return server;
}

Server::~Server() { Stop(std::chrono::milliseconds(0)); }

void Server::SetServing(const std::vector<std::string>& service_names, bool serving) {
  SetHealth("", serving);
  for (const auto& name : service_names) SetHealth(name, serving);
}

void Server::SetHealth(const std::string& name, bool serving) {
  server_->GetHealthCheckService()->SetServingStatus(name, serving);
}

void Server::Stop(std::chrono::milliseconds grace) {
  if (std::exchange(stopped_, true)) return;
  server_->GetHealthCheckService()->Shutdown();
  listener_->Stop();
  server_->Shutdown(ToGrpcTime(std::chrono::steady_clock::now() + grace));
  server_->Wait();
}

}  // namespace loadline::rpc
