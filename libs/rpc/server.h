#pragma once

#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "libs/base/result.h"
#include "libs/rpc/listener.h"

namespace loadline::rpc {

struct ServerOptions {
  /// host:port[,host:port...]; port 0 picks a free one.
  std::string listen = "127.0.0.1:0";
  /// Null: plaintext. See Credentials::ForServer.
  std::shared_ptr<grpc::ServerCredentials> credentials = {};
  /// Handlers that may run at once; more are refused with RESOURCE_EXHAUSTED.
  int max_threads = 32;
  ConnectionCaps connections = {.total = 4096, .per_address = 1024};
  int max_streams_per_connection = 256;
  /// An older connection takes no new calls, and those under way on it may go
  /// on for `longest_call`.
  std::chrono::milliseconds max_connection_age = std::chrono::minutes(30);
  std::chrono::milliseconds longest_call = std::chrono::minutes(10);
  /// Memory of gRPC's own buffers; under pressure it ends streams.
  std::size_t transport_max_bytes = std::size_t{512} << 20;
  /// How long one message of an answer may wait for its caller to read.
  std::chrono::milliseconds send_patience = std::chrono::seconds(10);
  /// Serves reflection. Once one server of a process has it, all that start
  /// later in the same process have it too: gRPC keeps the switch globally.
  bool reflection = true;
  /// Largest request message.
  int max_receive_bytes = 4 << 20;
  /// The services whose health is known, as NOT_SERVING, from the start. The
  /// health of others is known from the first `SetServing` on.
  std::vector<std::string> service_names = {};
};

/// A running gRPC server with `grpc.health.v1` and reflection. The health of
/// "" and of `ServerOptions::service_names` starts as NOT_SERVING.
class Server {
 public:
  /// Fails with `kUnavailable` (`CANNOT_LISTEN`) if the address is taken, not
  /// ours, or has no port from 0 to 65535. `services` must outlive the server.
  /// Call from one thread at a time.
  static base::Result<std::unique_ptr<Server>> Start(const ServerOptions& options,
                                                     const std::vector<grpc::Service*>& services);
  ~Server();

  /// The port that it listens on; that of the first address.
  int port() const { return listener_->port(); }
  /// Thread-safe.
  ConnectionStats connections() const { return listener_->stats(); }
  /// Whether connections are still taken; see `Listener::Answers`.
  bool Answers(std::chrono::milliseconds patience) const { return listener_->Answers(patience); }
  /// Sets the health of "" (the whole server) and of `service_names`.
  /// Thread-safe.
  void SetServing(const std::vector<std::string>& service_names, bool serving);
  /// Sets the health of one name, and of nothing else. Thread-safe.
  void SetHealth(const std::string& name, bool serving);
  /// Stops accepting, lets running calls finish for `grace`, then cancels them,
  /// and returns when all handlers have returned: one that runs long must poll
  /// `Call::Cancelled`. Idempotent. Call from one thread at a time.
  void Stop(std::chrono::milliseconds grace);

 private:
  Server(std::unique_ptr<grpc::Server> server, std::unique_ptr<Listener> listener)
      : server_(std::move(server)), listener_(std::move(listener)) {}
  std::unique_ptr<grpc::Server> server_;
  // Hands connections to the server, so it goes first.
  std::unique_ptr<Listener> listener_;
  bool stopped_ = false;
};

}  // namespace loadline::rpc
