#include "services/planner/config.h"

#include "libs/base/clock.h"
#include "libs/service/transport.h"

namespace loadline::planner {
namespace {

constexpr std::int64_t kDayMs = 24 * 60 * 60 * 1000;
constexpr std::int64_t kGib = std::int64_t{1} << 30;

const service::Defaults kDefaults = {.program = "planner", .listen_address = "127.0.0.1:50052", .max_threads = 32};

std::vector<base::FieldViolation> MistakesOf(const Config& config) {
  const auto now = base::SystemClock().WallTime();
  auto mistakes = service::CheckTransport(config.service, now);
  if (const auto ca = rpc::ReadTls({.ca = StoreFiles(config).ca}, now); !ca) {
    mistakes.push_back(ca.error().violations.front());
  }
  if (!config.store_server_name.empty() && config.store_ca_file.empty()) {
    mistakes.push_back({"BENCHMARK_STORE_SERVER_NAME", "needs BENCHMARK_STORE_CA_FILE: plaintext has no certificates"});
  }
  return mistakes;
}

}  // namespace

rpc::TlsFiles StoreFiles(const Config& config) {
  auto files = service::ServerFiles(config.service.tls);
  files.ca = {"BENCHMARK_STORE_CA_FILE", config.store_ca_file};
  return files;
}

base::Result<Config> ReadConfig(const base::EnvironmentReader::Source& source) {
  base::EnvironmentReader reader(source);
  Config config;
  config.service = service::ReadSettings(reader, kDefaults);
  config.store_address = reader.Text("BENCHMARK_STORE_ADDRESS", "127.0.0.1:50051");
  config.store_ca_file = reader.Text("BENCHMARK_STORE_CA_FILE", "");
  config.store_server_name = reader.Text("BENCHMARK_STORE_SERVER_NAME", "");
  config.store_timeout = reader.Milliseconds("STORE_TIMEOUT_MS", {.fallback = 10'000, .min = 1, .max = kDayMs});
  config.evidence_max_bytes = static_cast<std::size_t>(
      reader.Integer("EVIDENCE_MAX_BYTES", {.fallback = 2 * kGib, .min = 1 << 20, .max = 1024 * kGib}));
  config.evidence_max_age =
      reader.Milliseconds("EVIDENCE_MAX_AGE_MS", {.fallback = kDayMs, .min = 0, .max = 365 * kDayMs});
  LOADLINE_RETURN_IF_ERROR(service::Finish(reader, MistakesOf(config)));
  config.effective = reader.Effective();
  return config;
}

std::string Usage() {
  return std::string(R"(planner: answers which GPUs, and how many, keep latency promises at the lowest cost, over gRPC.

Usage: planner                   serves
       planner health [SERVICE]  asks the one that runs here; exits with 0 if it is SERVING
       planner --help | --version

It is configured by environment variables:

  BENCHMARK_STORE_ADDRESS  the benchmark store                       (127.0.0.1:50051)
  BENCHMARK_STORE_CA_FILE  CA of its certificate, PEM                (unset)
  BENCHMARK_STORE_SERVER_NAME  the name in it                        (unset)
  STORE_TIMEOUT_MS         longest read of one model from the store  (10000)
  EVIDENCE_MAX_BYTES       memory for evidence                       (2147483648)
  EVIDENCE_MAX_AGE_MS      how long to answer without the store      (86400000)
)") + service::SettingsUsage(kDefaults) +
         R"(
SIGTERM and SIGINT stop it: running calls may finish, then it exits with 0.
A wrong configuration exits with 2.
)";
}

}  // namespace loadline::planner
