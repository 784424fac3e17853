#include "services/benchmark-store/config.h"

#include "libs/base/clock.h"
#include "libs/service/transport.h"
#include "services/benchmark-store/repository/postgres/connection.h"

namespace loadline::store {
namespace {

constexpr std::int64_t kMaxMs = 24 * 60 * 60 * 1000;

const service::Defaults kDefaults = {
    .program = "benchmark-store", .listen_address = "127.0.0.1:50051", .max_threads = 64};

constexpr char kNoUrl[] =
    "is not set, and BENCHMARK_SOURCE is postgresql; write postgresql://USER:PASSWORD@HOST:PORT/DATABASE";

void CheckDatabase(const Config& config, std::vector<base::FieldViolation>& mistakes) {
  if (config.backend == Backend::kPostgres && config.database.url.empty()) mistakes.push_back({"DATABASE_URL", kNoUrl});
  for (const auto& [name, url] :
       {std::pair("DATABASE_URL", config.database.url), std::pair("DATABASE_READ_URL", config.database.read_url)}) {
    if (const auto status = postgres::CheckUrl(url, name); !status) {
      mistakes.push_back(status.error().violations.front());
    }
  }
  if (config.database.min_connections > config.database.max_connections) {
    mistakes.push_back({"DATABASE_MIN_CONNECTIONS", "must be at most DATABASE_MAX_CONNECTIONS"});
  }
}

std::vector<base::FieldViolation> MistakesOf(const Config& config, Purpose purpose) {
  std::vector<base::FieldViolation> mistakes;
  CheckDatabase(config, mistakes);
  if (purpose == Purpose::kMigrate) return mistakes;
  const auto transport = service::CheckTransport(config.service, base::SystemClock().WallTime());
  mistakes.insert(mistakes.end(), transport.begin(), transport.end());
  return mistakes;
}

DatabaseConfig ReadDatabase(base::EnvironmentReader& reader) {
  const auto count = [&](const char* name, std::int64_t fallback, std::int64_t min) {
    return static_cast<int>(reader.Integer(name, {.fallback = fallback, .min = min, .max = 1000}));
  };
  DatabaseConfig config;
  config.url = reader.Secret("DATABASE_URL");
  config.read_url = reader.Secret("DATABASE_READ_URL");
  config.min_connections = count("DATABASE_MIN_CONNECTIONS", 1, 0);
  config.max_connections = count("DATABASE_MAX_CONNECTIONS", 16, 1);
  config.max_imports = count("DATABASE_MAX_IMPORTS", 4, 1);
  config.acquire_timeout =
      reader.Milliseconds("DATABASE_ACQUIRE_TIMEOUT_MS", {.fallback = 2'000, .min = 1, .max = kMaxMs});
  config.max_lifetime =
      reader.Milliseconds("DATABASE_MAX_LIFETIME_MS", {.fallback = 1'800'000, .min = 1'000, .max = kMaxMs});
  config.maintenance_interval =
      reader.Milliseconds("DATABASE_MAINTENANCE_INTERVAL_MS", {.fallback = 60'000, .min = 10, .max = kMaxMs});
  config.migrate_on_start = reader.Flag("MIGRATE_ON_START", true);
  return config;
}

}  // namespace

base::Result<Config> ReadConfig(const base::EnvironmentReader::Source& source, Purpose purpose) {
  base::EnvironmentReader reader(source);
  Config config;
  config.service = service::ReadSettings(reader, kDefaults);
  const auto backend = reader.Choice("BENCHMARK_SOURCE", {"json", "postgresql"});
  config.backend = backend == "json" ? Backend::kJson : Backend::kPostgres;
  config.data_dir = reader.Text("DATA_DIR", "data");
  config.data_dir_named = source("DATA_DIR").has_value();
  config.benchmark_json_path = reader.Text("BENCHMARK_JSON_PATH", (config.data_dir / "benchmarks.json").string());
  config.database = ReadDatabase(reader);
  config.max_watchers = static_cast<int>(reader.Integer("MAX_WATCHERS", {.fallback = 32, .min = 1, .max = 4096}));
  config.max_import_rows = reader.Integer("MAX_IMPORT_ROWS", {.fallback = 2'000'000, .min = 1, .max = 100'000'000});
  config.max_import = reader.Milliseconds("MAX_IMPORT_MS", {.fallback = 600'000, .min = 1, .max = kMaxMs});
  LOADLINE_RETURN_IF_ERROR(service::Finish(reader, MistakesOf(config, purpose)));
  config.effective = reader.Effective();
  return config;
}

std::string Usage() {
  return std::string(R"(benchmark-store: keeps measured LLM benchmarks and serves them over gRPC.

Usage: benchmark-store                                serves
       benchmark-store migrate [--status|--dry-run|--to N]  brings the database's schema up to date
       benchmark-store health [SERVICE]               asks the one that runs here; exits with 0 if it is SERVING
       benchmark-store --help | --version

It is configured by environment variables:

  BENCHMARK_SOURCE     json or postgresql               (json)
  DATA_DIR             folder of the catalogue          (data)
  BENCHMARK_JSON_PATH  the benchmarks, for json         ($DATA_DIR/benchmarks.json)
  DATABASE_URL         for postgresql: postgresql://USER:PASSWORD@HOST:PORT/DATABASE
  DATABASE_READ_URL    a replica, for reads
  DATABASE_MIN_CONNECTIONS     connections kept open    (1)
  DATABASE_MAX_CONNECTIONS     connections for calls    (16)
  DATABASE_MAX_IMPORTS         imports at once, each with a connection of its own (4)
  DATABASE_ACQUIRE_TIMEOUT_MS  wait for a free one      (2000)
  DATABASE_MAX_LIFETIME_MS     longest use of one       (1800000)
  DATABASE_MAINTENANCE_INTERVAL_MS  how often it looks for upkeep that is due (60000)
  MIGRATE_ON_START     true or false                    (true)
  MAX_WATCHERS         watches that may run at once     (32)
  MAX_IMPORT_ROWS      rows of one import               (2000000)
  MAX_IMPORT_MS        longest import                   (600000)
)") + service::SettingsUsage(kDefaults) +
         R"(
SIGTERM and SIGINT stop it: running calls may finish, then it exits with 0.
A wrong configuration or data file exits with 2.
)";
}

}  // namespace loadline::store
