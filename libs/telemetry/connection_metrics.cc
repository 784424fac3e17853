#include "libs/telemetry/connection_metrics.h"

namespace loadline::telemetry {

Metrics ConnectionMetrics(const rpc::ConnectionStats& stats) {
  const auto refused = [](const char* reason, std::int64_t count) {
    return Sample{.labels = {{"reason", reason}}, .value = static_cast<double>(count)};
  };
  return {
      Gauge("loadline_connections", "Connections that are open, at most a second ago.", stats.live),
      Counter("loadline_connections_accepted_total", "Connections that were let in.",
              static_cast<double>(stats.accepted)),
      Counter("loadline_connections_refused_total",
              "Connections that were closed: at once for total_cap, address_cap or no_descriptor, later for resets.",
              {refused("total_cap", stats.refused_total_cap), refused("address_cap", stats.refused_address_cap),
               refused("no_descriptor", stats.refused_no_descriptor), refused("resets", stats.refused_resets)})};
}

}  // namespace loadline::telemetry
