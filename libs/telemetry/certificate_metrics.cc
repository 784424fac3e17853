#include "libs/telemetry/certificate_metrics.h"

#include <chrono>

namespace loadline::telemetry {

Metrics CertificateMetrics(const rpc::Credentials* credentials) {
  if (credentials == nullptr) return {};
  const std::chrono::duration<double> expires = credentials->expires().time_since_epoch();
  return {Gauge("loadline_tls_certificate_expiry_timestamp_seconds",
                "When the certificate in use expires; absent without TLS.", expires.count())};
}

}  // namespace loadline::telemetry
