#pragma once

#include "libs/telemetry/metric.h"

namespace loadline::telemetry {

/// What Linux says of this process (`/proc/self`), under Prometheus' usual
/// names. What cannot be read is left out.
Metrics ProcessMetrics();

}  // namespace loadline::telemetry
