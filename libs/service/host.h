#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libs/rpc/server.h"
#include "libs/service/settings.h"
#include "libs/service/watchdog.h"

namespace loadline::service {

/// One line `config`: `NAME=value` each.
void LogConfig(const std::vector<std::string>& effective);

/// How many connections a server may have where the process may have
/// `descriptors`: what the settings say, but some are left for files, the
/// database and probes.
rpc::ConnectionCaps CapsWithin(const LimitSettings& limits, int descriptors);

struct HostOptions {
  /// The full names of the services whose health is told.
  std::vector<std::string> service_names;
  /// Null: plaintext.
  std::shared_ptr<grpc::ServerCredentials> credentials = {};
  /// Handlers that may run besides MAX_THREADS: those of watches.
  int watches = 0;
  std::chrono::milliseconds longest_call = std::chrono::minutes(10);
  Watchdog::Options watchdog = {};
};

/// The server of a program, its probes, and the order in which they start and
/// stop.
///
/// The admin port has health only, in plaintext: "" and the services are as on
/// the server, and "liveness" is SERVING while the server takes connections.
class Host {
 public:
  /// The service of the admin port that is about the process.
  static constexpr char kLiveness[] = "liveness";

  /// Starts the server and the admin port, not ready. Fails like
  /// `rpc::Server::Start`. `services` must outlive the host.
  static base::Result<std::unique_ptr<Host>> Start(const Settings& settings, HostOptions options,
                                                   const std::vector<grpc::Service*>& services);

  /// Health SERVING or not, until the stop begins. Thread-safe.
  void SetReady(bool ready);

  /// Returns when `await_stop` has, and the server has stopped: it goes on
  /// serving for SHUTDOWN_DRAIN_MS though it is no longer ready, so that
  /// balancers leave; then `end_streams` is called, and what still runs after
  /// SHUTDOWN_GRACE_MS is cancelled. Call once.
  void Run(
      const std::function<void(int port)>& await_stop, const std::function<void()>& end_streams = [] {});

  const rpc::Server& server() const { return *server_; }

 private:
  Host(const Settings& settings, HostOptions options, std::unique_ptr<rpc::Server> admin,
       std::unique_ptr<rpc::Server> server);
  void SetHealth(bool ready);
  void LogPorts() const;

  const Settings settings_;
  const HostOptions options_;
  std::unique_ptr<rpc::Server> admin_;  // null: there is none
  std::unique_ptr<rpc::Server> server_;
  std::mutex mutex_;
  bool stopping_ = false;             // guarded by mutex_
  std::optional<Watchdog> watchdog_;  // last, so that it ends first: it looks at both servers
};

}  // namespace loadline::service
