#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "libs/base/environment.h"

namespace loadline::service {

/// The files that prove who this program is, and whom it believes. A file that
/// changes on disk is read again. Empty where not set.
struct TlsSettings {
  std::string cert_file;
  std::string key_file;
  /// Callers must show a certificate that it signed.
  std::string client_ca_file;
  std::chrono::milliseconds refresh{};
  /// SAN URIs of callers, `spiffe://...`, exact or ending in `/*`; empty for all that client_ca_file vouches for.
  std::vector<std::string> allowed_callers;
};

/// What one server takes at once.
struct LimitSettings {
  int max_threads = 0;
  int max_connections = 0;
  int max_connections_per_address = 0;
  int max_streams_per_connection = 0;
  std::chrono::milliseconds max_connection_age{};
  /// Memory of gRPC's buffers, bytes.
  std::size_t transport_max_bytes = 0;
};

/// Where spans go. The variables are OpenTelemetry's; the defaults are ours:
/// nowhere, and then one new trace in a hundred.
struct TraceSettings {
  /// The base address, to which `/v1/traces` is added; empty for none.
  std::string endpoint;
  /// `name=value,...` sent with each request. May hold a token: never log it.
  std::string headers;
  std::string service_name;
  /// Of the traces that are decided about here, 0 to 1.
  double sample_ratio = 0;
  /// A caller that sent its trace has decided.
  bool caller_decides = true;
  bool disabled = false;
};

struct LogSettings {
  std::string format;
  std::string level;
};

/// What both programs are told in the same words; docs/OPERATIONS.md explains
/// each variable.
struct Settings {
  std::string listen_address;
  /// Health only, plaintext; empty for none.
  std::string admin_address;
  /// Prometheus, HTTP; empty for none.
  std::string metrics_address;
  bool allow_plaintext = false;
  TlsSettings tls;
  LimitSettings limits;
  std::chrono::milliseconds max_call{};
  std::chrono::milliseconds shutdown_drain{};
  std::chrono::milliseconds shutdown_grace{};
  /// Unless set: where only this machine listens.
  bool reflection = true;
  TraceSettings traces;
  LogSettings log;
};

/// The defaults that differ between programs.
struct Defaults {
  std::string program;
  std::string listen_address;
  int max_threads = 0;
};

/// Reads all of them; mistakes are `reader`'s.
Settings ReadSettings(base::EnvironmentReader& reader, const Defaults& defaults);

/// All mistakes of `reader`, and `more`, as one error; OK if there are none.
base::Status Finish(const base::EnvironmentReader& reader, const std::vector<base::FieldViolation>& more);

/// The lines of `--help` about them.
std::string SettingsUsage(const Defaults& defaults);

}  // namespace loadline::service
