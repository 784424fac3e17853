#pragma once

#include "libs/rpc/credentials.h"
#include "libs/telemetry/metric.h"

namespace loadline::telemetry {

/// When the certificate in use expires, whatever its files hold by now; none
/// for null, which is plaintext.
Metrics CertificateMetrics(const rpc::Credentials* credentials);

}  // namespace loadline::telemetry
