#include "services/benchmark-store/store_app.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "libs/base/clock.h"
#include "libs/rpc/log.h"
#include "libs/rpc/server.h"
#include "services/benchmark-store/api/benchmark_handler.h"
#include "services/benchmark-store/api/catalog_handler.h"
#include "services/benchmark-store/app/canonical_names.h"
#include "services/benchmark-store/repository/json/json_repositories.h"

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

void LogLoad(const json::LoadReport& report) {
  rpc::Log(rpc::LogLevel::kInfo, "loaded",
           {{"benchmarks", std::to_string(report.benchmarks)}, {"quarantined", std::to_string(report.quarantined)}});
  if (report.refused > 0) {
    rpc::Log(rpc::LogLevel::kWarning, "rows_refused",
             {{"rows", std::to_string(report.refused)},
              {"message", "Rows of the data file cannot be right and went to quarantine: see ListQuarantined."}});
  }
  if (report.repeated > 0) {
    rpc::Log(rpc::LogLevel::kWarning, "rows_repeated",
             {{"rows", std::to_string(report.repeated)}, {"message", "Rows of the data file were there twice."}});
  }
  if (!report.missing_files.empty()) {
    rpc::Log(rpc::LogLevel::kWarning, "catalog_incomplete",
             {{"files", fmt::format("{}", fmt::join(report.missing_files, " "))},
              {"message", "Files of the catalogue are not in DATA_DIR; what they hold is not known."}});
  }
  if (!report.writable) {
    rpc::Log(rpc::LogLevel::kWarning, "data_not_writable",
             {{"message", "The folder of the data file cannot be written: imports will be refused."}});
  }
}

rpc::ServerOptions OptionsOf(const Config& config) {
  return {.listen = config.listen_address,
          .max_threads = config.max_threads,
          .reflection = config.reflection,
          .service_names = {kBenchmarkService, kCatalogService}};
}

}  // namespace

base::Status Serve(const Config& config, const std::function<void(int port)>& await_stop) {
  LogConfig(config);
  const base::SystemClock clock;
  LOADLINE_ASSIGN_OR_RETURN(const auto storage, json::JsonStore::Open({.benchmarks = config.benchmark_json_path,
                                                                       .catalog_folder = config.data_dir,
                                                                       .catalog_required = config.data_dir_named,
                                                                       .intake = JudgeRow}));
  LogLoad(storage->load_report());
  json::JsonBenchmarkRepository benchmarks(*storage);
  json::JsonCatalogRepository catalog(*storage);
  const Repositories repositories = {.benchmarks = benchmarks, .catalog = catalog};

  const auto calls = rpc::MakePipeline(clock, config.max_call);
  const auto imports = rpc::MakePipeline(clock, config.max_import);
  const auto watches = rpc::MakePipeline(clock, std::chrono::milliseconds(0));
  BenchmarkHandler benchmark_handler(repositories, {.calls = calls, .imports = imports, .watches = watches},
                                     {.max_watchers = config.max_watchers, .max_import_rows = config.max_import_rows});
  CatalogHandler catalog_handler(repositories, calls);

  LOADLINE_ASSIGN_OR_RETURN(const auto server,
                            rpc::Server::Start(OptionsOf(config), {&benchmark_handler, &catalog_handler}));
  server->SetServing({kBenchmarkService, kCatalogService}, true);
  rpc::Log(rpc::LogLevel::kInfo, "listening",
           {{"address", config.listen_address}, {"port", std::to_string(server->port())}});
  await_stop(server->port());
  rpc::Log(rpc::LogLevel::kInfo, "stopping");
  benchmark_handler.StopWatches();
  server->Stop(config.shutdown_grace);
  return {};
}

}  // namespace loadline::store
