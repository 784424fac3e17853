#include "libs/service/host.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "libs/base/descriptors.h"
#include "libs/rpc/log.h"

namespace loadline::service {
namespace {

using std::chrono::milliseconds;

// Threads beyond those that work, which say no to calls that are too many.
constexpr int kSpareThreads = 16;
constexpr int kMinReserve = 64;
constexpr milliseconds kAnswerPatience(1000);
// A probe or two, and somebody who looks.
constexpr int kAdminConnections = 64;

// What CapsWithin says, and a word where that is less than was asked for.
rpc::ConnectionCaps CapsHere(const LimitSettings& limits) {
  const int descriptors = base::RaiseDescriptorLimit();
  const auto caps = CapsWithin(limits, descriptors);
  if (caps.total < limits.max_connections) {
    rpc::Log(rpc::LogLevel::kWarning, "connections_limited",
             {{"MAX_CONNECTIONS", std::to_string(limits.max_connections)},
              {"connections", std::to_string(caps.total)},
              {"descriptors", std::to_string(descriptors)},
              {"message", "This process may open too few files for so many connections: raise its limit."}});
  }
  return caps;
}

rpc::ServerOptions ServerOptionsOf(const Settings& settings, const HostOptions& options) {
  const auto& limits = settings.limits;
  return {.listen = settings.listen_address,
          .credentials = options.credentials,
          .max_threads = limits.max_threads + options.watches + kSpareThreads,
          .connections = CapsHere(limits),
          .max_streams_per_connection = limits.max_streams_per_connection,
          .max_connection_age = limits.max_connection_age,
          .longest_call = options.longest_call,
          .transport_max_bytes = limits.transport_max_bytes,
          .reflection = settings.reflection,
          .service_names = options.service_names};
}

// Null where the settings name no address.
base::Result<std::unique_ptr<rpc::Server>> StartAdmin(const Settings& settings, const HostOptions& options) {
  if (settings.admin_address.empty()) return nullptr;
  return rpc::Server::Start({.listen = settings.admin_address,
                             .max_threads = 2,
                             .connections = {.total = kAdminConnections, .per_address = kAdminConnections},
                             .reflection = false,
                             .service_names = options.service_names},
                            {});
}

void LogLiveness(bool alive) {
  rpc::Log(alive ? rpc::LogLevel::kInfo : rpc::LogLevel::kError, alive ? "accepting" : "not_accepting",
           {{"message", "Whether the server takes connections: found out by connecting to it."}});
}

}  // namespace

void LogConfig(const std::vector<std::string>& effective) {
  rpc::LogFields fields;
  for (const auto& setting : effective) {
    const auto equals = setting.find('=');
    fields.emplace_back(std::string_view(setting).substr(0, equals), setting.substr(equals + 1));
  }
  rpc::Log(rpc::LogLevel::kInfo, "config", fields);
}

rpc::ConnectionCaps CapsWithin(const LimitSettings& limits, int descriptors) {
  const int reserve = std::max(kMinReserve, descriptors / 4);
  const int total = std::min(limits.max_connections, std::max(descriptors - reserve, descriptors / 4));
  return {.total = total, .per_address = std::min(limits.max_connections_per_address, total)};
}

base::Result<std::unique_ptr<Host>> Host::Start(const Settings& settings, HostOptions options,
                                                const std::vector<grpc::Service*>& services) {
  // First, since gRPC gives reflection to all servers that start after one with it.
  LOADLINE_ASSIGN_OR_RETURN(auto admin, StartAdmin(settings, options));
  LOADLINE_ASSIGN_OR_RETURN(auto server, rpc::Server::Start(ServerOptionsOf(settings, options), services));
  return std::unique_ptr<Host>(new Host(settings, std::move(options), std::move(admin), std::move(server)));
}

Host::Host(const Settings& settings, HostOptions options, std::unique_ptr<rpc::Server> admin,
           std::unique_ptr<rpc::Server> server)
    : settings_(settings), options_(std::move(options)), admin_(std::move(admin)), server_(std::move(server)) {
  if (admin_ == nullptr) return;
  admin_->SetHealth(kLiveness, true);
  watchdog_.emplace(
      options_.watchdog, [this] { return server_->Answers(kAnswerPatience); },
      [this](bool alive) {
        LogLiveness(alive);
        admin_->SetHealth(kLiveness, alive);
      });
}

void Host::SetReady(bool ready) {
  const std::lock_guard lock(mutex_);
  if (!stopping_) SetHealth(ready);
}

void Host::SetHealth(bool ready) {
  server_->SetServing(options_.service_names, ready);
  if (admin_) admin_->SetServing(options_.service_names, ready);
}

void Host::LogPorts() const {
  if (admin_) {
    rpc::Log(rpc::LogLevel::kInfo, "admin_listening",
             {{"address", settings_.admin_address}, {"port", std::to_string(admin_->port())}});
  }
  rpc::Log(rpc::LogLevel::kInfo, "listening",
           {{"address", settings_.listen_address}, {"port", std::to_string(server_->port())}});
}

void Host::Run(const std::function<void(int port)>& await_stop, const std::function<void()>& end_streams) {
  LogPorts();
  await_stop(server_->port());
  rpc::Log(rpc::LogLevel::kInfo, "stopping");
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    SetHealth(false);
  }
  std::this_thread::sleep_for(settings_.shutdown_drain);
  watchdog_.reset();
  end_streams();
  server_->Stop(settings_.shutdown_grace);
  if (admin_) admin_->Stop(milliseconds(0));
}

}  // namespace loadline::service
