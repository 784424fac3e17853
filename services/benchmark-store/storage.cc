#include "services/benchmark-store/storage.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "libs/rpc/log.h"
#include "services/benchmark-store/app/canonical_names.h"
#include "services/benchmark-store/migrate_command.h"
#include "services/benchmark-store/repository/json/catalog_files.h"
#include "services/benchmark-store/repository/json/json_repositories.h"
#include "services/benchmark-store/repository/postgres/postgres_repositories.h"
#include "services/benchmark-store/store_metrics.h"

namespace loadline::store {
namespace {

class JsonStorage final : public Storage {
 public:
  explicit JsonStorage(std::unique_ptr<json::JsonStore> store) : store_(std::move(store)) {}
  Repositories repositories() override { return {.benchmarks = benchmarks_, .catalog = catalog_}; }
  telemetry::Metrics Collect() override {
    const auto snapshot = store_->Current();
    return DataMetrics({.revision = snapshot->revision,
                        .benchmarks = static_cast<std::int64_t>(snapshot->rows.size()),
                        .quarantined = static_cast<std::int64_t>(snapshot->quarantine->size())});
  }

 private:
  std::unique_ptr<json::JsonStore> store_;
  json::JsonBenchmarkRepository benchmarks_{*store_};
  json::JsonCatalogRepository catalog_{*store_};
};

class PostgresStorage final : public Storage {
 public:
  PostgresStorage(const DatabaseConfig& config, std::unique_ptr<postgres::PostgresStore> store)
      : config_(config), store_(std::move(store)) {}
  Repositories repositories() override { return {.benchmarks = benchmarks_, .catalog = catalog_}; }
  base::Status Start(const std::function<bool()>& cancelled) override {
    if (config_.migrate_on_start && !migrated_) LOADLINE_RETURN_IF_ERROR(MigrateOnStart(config_, cancelled));
    migrated_ = true;
    return store_->Start(cancelled);
  }
  telemetry::Metrics Collect() override {
    const auto stats = store_->stats();
    const DataStats data{.revision = stats.state.revision,
                         .benchmarks = stats.state.benchmark_count,
                         .quarantined = stats.vitals.quarantined,
                         .watch_lag = stats.lag};
    return telemetry::Joined({DataMetrics(data), DatabaseMetrics(stats)});
  }

 private:
  const DatabaseConfig config_;
  bool migrated_ = false;
  std::unique_ptr<postgres::PostgresStore> store_;
  postgres::PostgresBenchmarkRepository benchmarks_{*store_};
  postgres::PostgresCatalogRepository catalog_{*store_};
};

void WarnOfMissing(const std::vector<std::string>& files) {
  if (files.empty()) return;
  rpc::Log(rpc::LogLevel::kWarning, "catalog_incomplete",
           {{"files", fmt::format("{}", fmt::join(files, " "))},
            {"message", "Files of the catalogue are not in DATA_DIR; what they hold is not known."}});
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
  WarnOfMissing(report.missing_files);
  if (!report.writable) {
    rpc::Log(rpc::LogLevel::kWarning, "data_not_writable",
             {{"message", "The folder of the data file cannot be written: imports will be refused."}});
  }
}

base::Result<std::unique_ptr<Storage>> OpenJson(const Config& config) {
  LOADLINE_ASSIGN_OR_RETURN(auto store, json::JsonStore::Open({.benchmarks = config.benchmark_json_path,
                                                               .catalog_folder = config.data_dir,
                                                               .catalog_required = config.data_dir_named,
                                                               .intake = JudgeRow}));
  LogLoad(store->load_report());
  return std::make_unique<JsonStorage>(std::move(store));
}

postgres::PostgresStoreOptions OptionsOf(const DatabaseConfig& config, const Catalog& seed) {
  return {.pool = {.url = config.url,
                   .min_connections = config.min_connections,
                   .max_connections = config.max_connections,
                   .acquire_timeout = config.acquire_timeout,
                   .max_lifetime = config.max_lifetime},
          .read_url = config.read_url,
          .max_imports = config.max_imports,
          .seed = seed,
          .maintenance_interval = config.maintenance_interval,
          .on_event = [](const char* event, const std::string& message) {
            rpc::Log(rpc::LogLevel::kWarning, event, {{"message", message}});
          }};
}

base::Result<std::unique_ptr<Storage>> OpenPostgres(const Config& config) {
  LOADLINE_ASSIGN_OR_RETURN(const auto files, json::CatalogFiles::Read(config.data_dir, config.data_dir_named));
  WarnOfMissing(files.missing());
  return std::make_unique<PostgresStorage>(
      config.database, postgres::PostgresStore::Make(OptionsOf(config.database, *files.catalog().catalog)));
}

}  // namespace

base::Result<std::unique_ptr<Storage>> OpenStorage(const Config& config) {
  return config.backend == Backend::kJson ? OpenJson(config) : OpenPostgres(config);
}

}  // namespace loadline::store
