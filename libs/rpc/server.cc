#include "libs/rpc/server.h"

#include <fmt/format.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/security/server_credentials.h>

#include <algorithm>
#include <charconv>
#include <mutex>
#include <string_view>

#include "grpc/health/v1/health.pb.h"
#include "libs/rpc/deadline.h"

namespace loadline::rpc {
namespace {

constexpr int kMaxSendBytes = 64 << 20;
constexpr int kMaxStreamsPerConnection = 256;
constexpr int kMaxPort = 65'535;
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

void LimitResources(const ServerOptions& options, grpc::ServerBuilder& builder) {
  // One thread of the quota waits for calls and never runs a handler.
  builder.SetResourceQuota(grpc::ResourceQuota("loadline").SetMaxThreads(options.max_threads + 1));
  builder.SetSyncServerOption(grpc::ServerBuilder::MIN_POLLERS, std::min(kIdleThreads, options.max_threads));
  builder.SetSyncServerOption(grpc::ServerBuilder::MAX_POLLERS, options.max_threads);
  builder.SetMaxReceiveMessageSize(options.max_receive_bytes);
  builder.SetMaxSendMessageSize(kMaxSendBytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxStreamsPerConnection);
}

void TuneConnections(grpc::ServerBuilder& builder) {
  // Otherwise a second server on the same port starts and takes half the calls.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  // Clients ping every 10 s, also between calls; see MakeChannel.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 5'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  // A watcher that vanished without closing gives its thread back.
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
}

// gRPC alone would take port 99999 for 99999 modulo 65536.
bool PortIsPossible(std::string_view address) {
  const std::string_view text = address.substr(address.rfind(':') + 1);
  int port = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port >= 0 && port <= kMaxPort;
}

base::Error CannotListen(const std::string& address) {
  return {.code = base::ErrorCode::kUnavailable,
          .reason = "CANNOT_LISTEN",
          .message = fmt::format("Cannot listen on {}: it is taken, is no address of this machine, or its port is not "
                                 "from 0 to {}.",
                                 address, kMaxPort),
          .metadata = {{"address", address}}};
}

}  // namespace

base::Result<std::unique_ptr<Server>> Server::Start(const ServerOptions& options,
                                                    const std::vector<grpc::Service*>& services) {
  if (!PortIsPossible(options.listen)) return base::Fail(CannotListen(options.listen));
  EnablePlugins(options.reflection);
  grpc::ServerBuilder builder;
  LimitResources(options, builder);
  TuneConnections(builder);
  int port = 0;
  builder.AddListeningPort(options.listen, grpc::InsecureServerCredentials(), &port);
  for (auto* service : services) builder.RegisterService(service);
  auto running = builder.BuildAndStart();
  if (running == nullptr || port == 0) return base::Fail(CannotListen(options.listen));
  std::unique_ptr<Server> server(new Server(std::move(running), port));
  server->SetServing(options.service_names, false);
  return server;
}

Server::~Server() { Stop(std::chrono::milliseconds(0)); }

void Server::SetServing(const std::vector<std::string>& service_names, bool serving) {
  auto* health = server_->GetHealthCheckService();
  health->SetServingStatus("", serving);
  for (const auto& name : service_names) health->SetServingStatus(name, serving);
}

void Server::Stop(std::chrono::milliseconds grace) {
  if (std::exchange(stopped_, true)) return;
  server_->GetHealthCheckService()->Shutdown();
  server_->Shutdown(ToGrpcTime(std::chrono::steady_clock::now() + grace));
  server_->Wait();
}

}  // namespace loadline::rpc
