#include "services/benchmark-store/store_app.h"

#include "libs/base/clock.h"
#include "libs/rpc/log.h"
#include "libs/rpc/server.h"
#include "libs/service/transport.h"
#include "libs/telemetry/connection_metrics.h"
#include "libs/telemetry/metrics_server.h"
#include "libs/telemetry/telemetry.h"
#include "services/benchmark-store/api/benchmark_handler.h"
#include "services/benchmark-store/api/catalog_handler.h"
#include "services/benchmark-store/storage.h"
#include "services/benchmark-store/store_metrics.h"

namespace loadline::store {
namespace {

constexpr char kBenchmarkService[] = "loadline.benchmark.v1.BenchmarkService";
constexpr char kCatalogService[] = "loadline.catalog.v1.CatalogService";

void LogConfig(const Config& config) {
  rpc::LogFields fields;
  for (const auto& setting : config.effective) {
    const auto equals = setting.find('=');
    fields.emplace_back(std::string_view(setting).substr(0, equals), setting.substr(equals + 1));
  }
  rpc::Log(rpc::LogLevel::kInfo, "config", fields);
}

rpc::ServerOptions OptionsOf(const Config& config, const rpc::Credentials* credentials) {
  return {.listen = config.service.listen_address,
          .credentials = credentials ? credentials->ForServer() : nullptr,
          .max_threads = config.service.limits.max_threads,
          .reflection = config.service.reflection,
          .service_names = {kBenchmarkService, kCatalogService}};
}

CallStats StatsOf(const BenchmarkHandler& handler) {
  return {
      .imports = handler.imports(), .watchers = handler.watchers().taken(), .max_watchers = handler.watchers().limit()};
}

}  // namespace

base::Status Serve(const Config& config, const std::function<void(int port)>& await_stop) {
  LogConfig(config);
  const base::SystemClock clock;
  const telemetry::Telemetry telemetry(config.service, "benchmark-store", {kBenchmarkService, kCatalogService}, clock);
  LOADLINE_ASSIGN_OR_RETURN(const auto credentials, service::OpenTransport(config.service, clock));
  LOADLINE_ASSIGN_OR_RETURN(const auto storage, OpenStorage(config));
  const auto repositories = storage->repositories();

  const rpc::CommonStages stages = {.observers = telemetry.observers(),
                                    .guards = service::BehindCallers(config.service.tls, {})};
  const auto calls = rpc::MakePipeline(clock, config.service.max_call, stages);
  const auto imports = rpc::MakePipeline(clock, config.max_import, stages);
  const auto watches = rpc::MakePipeline(clock, std::chrono::milliseconds(0), stages);
  BenchmarkHandler benchmark_handler(repositories, {.calls = calls, .imports = imports, .watches = watches},
                                     {.max_watchers = config.max_watchers, .max_import_rows = config.max_import_rows});
  CatalogHandler catalog_handler(repositories, calls);

  LOADLINE_ASSIGN_OR_RETURN(const auto server, rpc::Server::Start(OptionsOf(config, credentials.get()),
                                                                  {&benchmark_handler, &catalog_handler}));
  LOADLINE_ASSIGN_OR_RETURN(
      const auto metrics, telemetry::ServeMetrics(config.service.metrics_address, [&] {
        return telemetry::Joined({telemetry.Collect(), telemetry::ConnectionMetrics(server->connections()),
                                  storage->Collect(), CallMetrics(StatsOf(benchmark_handler))});
      }));
  server->SetServing({kBenchmarkService, kCatalogService}, true);
  rpc::Log(rpc::LogLevel::kInfo, "listening",
           {{"address", config.service.listen_address}, {"port", std::to_string(server->port())}});
  await_stop(server->port());
  rpc::Log(rpc::LogLevel::kInfo, "stopping");
  benchmark_handler.StopWatches();
  server->Stop(config.service.shutdown_grace);
  return {};
}

}  // namespace loadline::store
