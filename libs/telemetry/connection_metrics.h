#pragma once

#include "libs/rpc/listener.h"
#include "libs/telemetry/metric.h"

namespace loadline::telemetry {

/// What came of connections to a server.
Metrics ConnectionMetrics(const rpc::ConnectionStats& stats);

}  // namespace loadline::telemetry
