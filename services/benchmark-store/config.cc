#include "services/benchmark-store/config.h"

namespace loadline::store {
namespace {

constexpr std::int64_t kMaxMs = 24 * 60 * 60 * 1000;

constexpr char kNotYet[] = "is postgresql, which this version does not have yet; json is what is available";

constexpr char kTooMany[] = "must be less than MAX_THREADS: each watch holds a thread, and other calls need some too";

/// All mistakes as one error.
base::Status Check(const base::EnvironmentReader& reader, const std::string& source, const Config& config) {
  const auto status = reader.Finish();
  auto mistakes = status ? std::vector<base::FieldViolation>() : status.error().violations;
  if (source != "json") mistakes.push_back({"BENCHMARK_SOURCE", kNotYet});
  if (config.max_watchers >= config.max_threads) mistakes.push_back({"MAX_WATCHERS", kTooMany});
  if (mistakes.empty()) return {};
  return base::Fail(base::InvalidArgument(std::move(mistakes)));
}

}  // namespace

base::Result<Config> ReadConfig(const base::EnvironmentReader::Source& source) {
  base::EnvironmentReader reader(source);
  Config config;
  config.listen_address = reader.Text("LISTEN_ADDRESS", "127.0.0.1:50051");
  const auto backend = reader.Choice("BENCHMARK_SOURCE", {"json", "postgresql"});
  config.data_dir = reader.Text("DATA_DIR", "data");
  config.data_dir_named = source("DATA_DIR").has_value();
  config.benchmark_json_path = reader.Text("BENCHMARK_JSON_PATH", (config.data_dir / "benchmarks.json").string());
  config.max_threads = static_cast<int>(reader.Integer("MAX_THREADS", {.fallback = 64, .min = 2, .max = 4096}));
  config.max_watchers = static_cast<int>(reader.Integer("MAX_WATCHERS", {.fallback = 32, .min = 1, .max = 4096}));
  config.max_import_rows = reader.Integer("MAX_IMPORT_ROWS", {.fallback = 2'000'000, .min = 1, .max = 100'000'000});
  config.max_call = reader.Milliseconds("MAX_CALL_MS", {.fallback = 30'000, .min = 1, .max = kMaxMs});
  config.max_import = reader.Milliseconds("MAX_IMPORT_MS", {.fallback = 600'000, .min = 1, .max = kMaxMs});
  config.shutdown_grace = reader.Milliseconds("SHUTDOWN_GRACE_MS", {.fallback = 10'000, .min = 0, .max = kMaxMs});
  config.reflection = reader.Flag("REFLECTION", true);
  config.log_format = reader.Choice("LOG_FORMAT", {"json", "text"});
  config.log_level = reader.Choice("LOG_LEVEL", {"info", "debug", "warning", "error"});
  LOADLINE_RETURN_IF_ERROR(Check(reader, backend, config));
  config.effective = reader.Effective();
  return config;
}

std::string Usage() {
  return R"(benchmark-store: keeps measured LLM benchmarks and serves them over gRPC.

Usage: benchmark-store [--help | --version]

It is configured by environment variables:

  LISTEN_ADDRESS       where to listen, host:port       (127.0.0.1:50051)
  BENCHMARK_SOURCE     json                             (json)
  DATA_DIR             folder of the catalogue          (data)
  BENCHMARK_JSON_PATH  the benchmarks                   ($DATA_DIR/benchmarks.json)
  MAX_THREADS          calls that may run at once       (64)
  MAX_WATCHERS         watches that may run at once     (32)
  MAX_IMPORT_ROWS      rows of one import               (2000000)
  MAX_CALL_MS          longest call                     (30000)
  MAX_IMPORT_MS        longest import                   (600000)
  SHUTDOWN_GRACE_MS    time for running calls at stop   (10000)
  REFLECTION           true or false                    (true)
  LOG_FORMAT           json or text                     (json)
  LOG_LEVEL            debug, info, warning or error    (info)

SIGTERM and SIGINT stop it: running calls may finish, then it exits with 0.
A wrong configuration or data file exits with 2.
)";
}

}  // namespace loadline::store
