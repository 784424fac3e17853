#include "libs/service/settings.h"

#include <fmt/format.h>

#include <sstream>

#include "libs/base/blanks.h"
#include "libs/service/this_machine.h"

namespace loadline::service {
namespace {

constexpr std::int64_t kDayMs = 24 * 60 * 60 * 1000;
constexpr std::int64_t kMib = std::int64_t{1} << 20;

// A list without a word has one that is empty: it is a mistake, and not no list.
std::vector<std::string> Split(const std::string& list) {
  std::vector<std::string> parts;
  std::istringstream stream(list);
  for (std::string part; std::getline(stream, part, ',');) {
    if (const auto word = base::WithoutBlanks(part); !word.empty()) parts.emplace_back(word);
  }
  if (parts.empty() && !list.empty()) parts.emplace_back();
  return parts;
}

TlsSettings ReadTls(base::EnvironmentReader& reader) {
  TlsSettings tls;
  tls.cert_file = reader.Text("TLS_CERT_FILE", "");
  tls.key_file = reader.Text("TLS_KEY_FILE", "");
  tls.client_ca_file = reader.Text("TLS_CLIENT_CA_FILE", "");
  tls.refresh = reader.Milliseconds("TLS_REFRESH_MS", {.fallback = 10'000, .min = 1'000, .max = kDayMs});
  tls.allowed_callers = Split(reader.Text("ALLOWED_CALLERS", ""));
  return tls;
}

LimitSettings ReadLimits(base::EnvironmentReader& reader, int max_threads) {
  const auto count = [&](const char* name, int fallback, int min, int max) {
    return static_cast<int>(reader.Integer(name, {.fallback = fallback, .min = min, .max = max}));
  };
  LimitSettings limits;
  limits.max_threads = count("MAX_THREADS", max_threads, 2, 4096);
  limits.max_connections = count("MAX_CONNECTIONS", 4096, 1, 1'000'000);
  limits.max_connections_per_address = count("MAX_CONNECTIONS_PER_ADDRESS", 1024, 1, 1'000'000);
  limits.max_streams_per_connection = count("MAX_STREAMS_PER_CONNECTION", 256, 1, 1'000'000);
  limits.max_connection_age =
      reader.Milliseconds("MAX_CONNECTION_AGE_MS", {.fallback = 1'800'000, .min = 1'000, .max = 365 * kDayMs});
  limits.transport_max_bytes = static_cast<std::size_t>(
      reader.Integer("TRANSPORT_MAX_BYTES", {.fallback = 512 * kMib, .min = 16 * kMib, .max = 1024 * 1024 * kMib}));
  return limits;
}

TraceSettings ReadTraces(base::EnvironmentReader& reader, const std::string& program) {
  TraceSettings traces;
  traces.endpoint = reader.Text("OTEL_EXPORTER_OTLP_ENDPOINT", "");
  traces.headers = reader.Secret("OTEL_EXPORTER_OTLP_HEADERS");
  traces.service_name = reader.Text("OTEL_SERVICE_NAME", program);
  const auto sampler =
      reader.Choice("OTEL_TRACES_SAMPLER", {"parentbased_traceidratio", "parentbased_always_on",
                                            "parentbased_always_off", "traceidratio", "always_on", "always_off"});
  const double ratio = reader.Fraction("OTEL_TRACES_SAMPLER_ARG", 0.01);
  traces.sample_ratio = sampler.ends_with("always_on") ? 1 : sampler.ends_with("always_off") ? 0 : ratio;
  traces.caller_decides = sampler.starts_with("parentbased_");
  traces.disabled = reader.Flag("OTEL_SDK_DISABLED", false);
  return traces;
}

}  // namespace

Settings ReadSettings(base::EnvironmentReader& reader, const Defaults& defaults) {
  Settings settings;
  settings.listen_address = reader.Text("LISTEN_ADDRESS", defaults.listen_address);
  settings.admin_address = reader.Text("ADMIN_ADDRESS", "");
  settings.metrics_address = reader.Text("METRICS_ADDRESS", "");
  settings.allow_plaintext = reader.Flag("ALLOW_PLAINTEXT", false);
  settings.tls = ReadTls(reader);
  settings.limits = ReadLimits(reader, defaults.max_threads);
  settings.max_call = reader.Milliseconds("MAX_CALL_MS", {.fallback = 30'000, .min = 1, .max = kDayMs});
  settings.shutdown_drain = reader.Milliseconds("SHUTDOWN_DRAIN_MS", {.fallback = 0, .min = 0, .max = kDayMs});
  settings.shutdown_grace = reader.Milliseconds("SHUTDOWN_GRACE_MS", {.fallback = 10'000, .min = 0, .max = kDayMs});
  // It is answered by gRPC alone, without a time limit, guards or places.
  settings.reflection = reader.Flag("REFLECTION", OnlyThisMachine(settings.listen_address));
  settings.traces = ReadTraces(reader, defaults.program);
  settings.log.format = reader.Choice("LOG_FORMAT", {"json", "text"});
  settings.log.level = reader.Choice("LOG_LEVEL", {"info", "debug", "warning", "error"});
  return settings;
}

base::Status Finish(const base::EnvironmentReader& reader, const std::vector<base::FieldViolation>& more) {
  const auto status = reader.Finish();
  auto mistakes = status ? std::vector<base::FieldViolation>() : status.error().violations;
  mistakes.insert(mistakes.end(), more.begin(), more.end());
  if (mistakes.empty()) return {};
  return base::Fail(base::InvalidArgument(std::move(mistakes)));
}

std::string SettingsUsage(const Defaults& defaults) {
  return fmt::format(R"(  LISTEN_ADDRESS       where to listen, host:port       ({})
  ADMIN_ADDRESS        health in plaintext, for probes  (unset)
  METRICS_ADDRESS      Prometheus metrics over HTTP     (unset)
  ALLOW_PLAINTEXT      true: no TLS beyond this machine (false)
  TLS_CERT_FILE        certificate chain, PEM           (unset)
  TLS_KEY_FILE         its key, PEM                     (unset)
  TLS_CLIENT_CA_FILE   callers show a certificate of it (unset)
  TLS_REFRESH_MS       how often the files are looked at (10000)
  ALLOWED_CALLERS      SAN URIs, comma-separated        (unset)
  MAX_THREADS          calls that may run at once       ({})
  MAX_CALL_MS          longest call                     (30000)
  MAX_CONNECTIONS      connections in all               (4096)
  MAX_CONNECTIONS_PER_ADDRESS  of one client            (1024)
  MAX_STREAMS_PER_CONNECTION   calls on one connection  (256)
  MAX_CONNECTION_AGE_MS        then it is closed gently (1800000)
  TRANSPORT_MAX_BYTES  memory for messages in transit   (536870912)
  SHUTDOWN_DRAIN_MS    go on serving after SIGTERM      (0)
  SHUTDOWN_GRACE_MS    time for running calls at stop   (10000)
  REFLECTION           false by default beyond this machine (true)
  OTEL_EXPORTER_OTLP_ENDPOINT  where spans go, http://host:4318 (unset)
  OTEL_EXPORTER_OTLP_HEADERS   sent with them, name=value,... (unset)
  OTEL_SERVICE_NAME            the service of a span    ({})
  OTEL_TRACES_SAMPLER          which traces are kept    (parentbased_traceidratio)
  OTEL_TRACES_SAMPLER_ARG      share of new traces kept (0.01)
  OTEL_SDK_DISABLED            true: no spans           (false)
  LOG_FORMAT           json or text                     (json)
  LOG_LEVEL            debug, info, warning or error    (info)
)",
                     defaults.listen_address, defaults.max_threads, defaults.program);
}

}  // namespace loadline::service
