#include "services/planner/config.h"

namespace loadline::planner {
namespace {

constexpr std::int64_t kDayMs = 24 * 60 * 60 * 1000;
constexpr std::int64_t kGib = std::int64_t{1} << 30;

}  // namespace

base::Result<Config> ReadConfig(const base::EnvironmentReader::Source& source) {
  base::EnvironmentReader reader(source);
  Config config;
  config.listen_address = reader.Text("LISTEN_ADDRESS", "127.0.0.1:50052");
  config.store_address = reader.Text("BENCHMARK_STORE_ADDRESS", "127.0.0.1:50051");
  config.max_threads = static_cast<int>(reader.Integer("MAX_THREADS", {.fallback = 32, .min = 2, .max = 4096}));
  config.max_call = reader.Milliseconds("MAX_CALL_MS", {.fallback = 30'000, .min = 1, .max = kDayMs});
  config.store_timeout = reader.Milliseconds("STORE_TIMEOUT_MS", {.fallback = 10'000, .min = 1, .max = kDayMs});
  config.evidence_max_bytes = static_cast<std::size_t>(
      reader.Integer("EVIDENCE_MAX_BYTES", {.fallback = 2 * kGib, .min = 1 << 20, .max = 1024 * kGib}));
  config.evidence_max_age =
      reader.Milliseconds("EVIDENCE_MAX_AGE_MS", {.fallback = kDayMs, .min = 0, .max = 365 * kDayMs});
  config.shutdown_grace = reader.Milliseconds("SHUTDOWN_GRACE_MS", {.fallback = 10'000, .min = 0, .max = kDayMs});
  config.reflection = reader.Flag("REFLECTION", true);
  config.log_format = reader.Choice("LOG_FORMAT", {"json", "text"});
  config.log_level = reader.Choice("LOG_LEVEL", {"info", "debug", "warning", "error"});
  LOADLINE_RETURN_IF_ERROR(reader.Finish());
  config.effective = reader.Effective();
  return config;
}

std::string Usage() {
  return R"(planner: answers which GPUs, and how many, keep latency promises at the lowest cost, over gRPC.

Usage: planner [--help | --version]

It is configured by environment variables:

  LISTEN_ADDRESS           where to listen, host:port                (127.0.0.1:50052)
  BENCHMARK_STORE_ADDRESS  the benchmark store                       (127.0.0.1:50051)
  MAX_THREADS              calls that may run at once                (32)
  MAX_CALL_MS              longest call                              (30000)
  STORE_TIMEOUT_MS         longest read of one model from the store  (10000)
  EVIDENCE_MAX_BYTES       memory for evidence                       (2147483648)
  EVIDENCE_MAX_AGE_MS      how long to answer without the store      (86400000)
  SHUTDOWN_GRACE_MS        time for running calls at stop            (10000)
  REFLECTION               true or false                             (true)
  LOG_FORMAT               json or text                              (json)
  LOG_LEVEL                debug, info, warning or error             (info)

SIGTERM and SIGINT stop it: running calls may finish, then it exits with 0.
A wrong configuration exits with 2.
)";
}

}  // namespace loadline::planner
