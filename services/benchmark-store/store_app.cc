#include "services/benchmark-store/store_app.h"

#include <algorithm>

#include "libs/base/clock.h"
#include "libs/base/termination.h"
#include "libs/rpc/load_shedding.h"
#include "libs/service/host.h"
#include "libs/service/transport.h"
#include "libs/telemetry/certificate_metrics.h"
#include "libs/telemetry/connection_metrics.h"
#include "libs/telemetry/metrics_server.h"
#include "libs/telemetry/telemetry.h"
#include "services/benchmark-store/api/benchmark_handler.h"
#include "services/benchmark-store/api/catalog_handler.h"
#include "services/benchmark-store/storage.h"
#include "services/benchmark-store/storage_start.h"
#include "services/benchmark-store/store_metrics.h"

namespace loadline::store {
namespace {

constexpr char kBenchmarkService[] = "loadline.benchmark.v1.BenchmarkService";
constexpr char kCatalogService[] = "loadline.catalog.v1.CatalogService";

// Imports hold their places for long: others keep the rest.
int ImportPlaces(const Config& config) { return std::max(1, config.service.limits.max_threads / 4); }

service::HostOptions OptionsOf(const Config& config, const rpc::Credentials* credentials) {
  return {.service_names = {kBenchmarkService, kCatalogService},
          .credentials = credentials ? credentials->ForServer() : nullptr,
          .watches = config.max_watchers,
          .longest_call = std::max(config.service.max_call, config.max_import)};
}

/// How calls come in; each way has a time and places of its own.
struct Ways {
  rpc::Pipeline calls;
  rpc::Pipeline imports;
  rpc::Pipeline watches;
};

Ways WaysIn(const Config& config, const base::Clock& clock, const telemetry::Telemetry& telemetry,
            const std::shared_ptr<const rpc::Stage>& guard) {
  const auto way = [&](std::chrono::milliseconds longest, std::vector<std::shared_ptr<const rpc::Stage>> guards) {
    guards.insert(guards.begin(), guard);
    return rpc::MakePipeline(
        clock, longest,
        {.observers = telemetry.observers(), .guards = service::BehindCallers(config.service.tls, guards)});
  };
  const auto room = rpc::LoadShedding(config.service.limits.max_threads);
  return {.calls = way(config.service.max_call, {room}),
          .imports = way(config.max_import, {rpc::LoadShedding(ImportPlaces(config)), room}),
          .watches = way(std::chrono::milliseconds(0), {})};
}

CallStats StatsOf(const BenchmarkHandler& handler) {
  return {
      .imports = handler.imports(), .watchers = handler.watchers().taken(), .max_watchers = handler.watchers().limit()};
}

}  // namespace

base::Status Serve(const Config& config, const std::function<void(int port)>& await_stop) {
  service::LogConfig(config.effective);
  const base::SystemClock clock;
  const telemetry::Telemetry telemetry(config.service, "benchmark-store", {kBenchmarkService, kCatalogService}, clock);
  LOADLINE_ASSIGN_OR_RETURN(const auto credentials, service::OpenTransport(config.service, clock));
  LOADLINE_ASSIGN_OR_RETURN(const auto storage, OpenStorage(config));
  const auto guard = std::make_shared<StartGuard>();
  const auto repositories = storage->repositories();

  const auto ways = WaysIn(config, clock, telemetry, guard);
  BenchmarkHandler benchmark_handler(repositories,
                                     {.calls = ways.calls, .imports = ways.imports, .watches = ways.watches},
                                     {.max_watchers = config.max_watchers,
                                      .max_import_rows = config.max_import_rows,
                                      .longest_watch = config.service.limits.max_connection_age});
  CatalogHandler catalog_handler(repositories, ways.calls);

  LOADLINE_ASSIGN_OR_RETURN(const auto host, service::Host::Start(config.service, OptionsOf(config, credentials.get()),
                                                                  {&benchmark_handler, &catalog_handler}));
  LOADLINE_ASSIGN_OR_RETURN(
      const auto metrics, telemetry::ServeMetrics(config.service.metrics_address, [&] {
        return telemetry::Joined({telemetry.Collect(), telemetry::CertificateMetrics(credentials.get()),
                                  telemetry::ConnectionMetrics(host->server().connections()),
                                  guard->started() ? storage->Collect() : telemetry::Metrics(),
                                  CallMetrics(StatsOf(benchmark_handler))});
      }));
  // With the probes answered: a database may take its time, to migrate too.
  StorageStart start(*storage, guard, [&] { host->SetReady(true); });
  LOADLINE_RETURN_IF_ERROR(start.AwaitFirst(base::TerminationPending));
  const auto until_stop = [&](int port) {
    await_stop(port);
    start.Stop();
  };
  host->Run(until_stop, [&] { benchmark_handler.StopWatches(); });
  return {};
}

}  // namespace loadline::store
