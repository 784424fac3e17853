#pragma once

#include <memory>
#include <string>

#include "libs/base/result.h"
#include "libs/telemetry/metric.h"

namespace loadline::telemetry {

/// Serves metrics to Prometheus: `GET /metrics` over HTTP, in plaintext, by
/// threads of its own.
class MetricsServer {
 public:
  /// `address` is host:port, the host an IP address; port 0 picks a free one.
  /// Fails with `kUnavailable` (`CANNOT_LISTEN`).
  static base::Result<std::unique_ptr<MetricsServer>> Start(const std::string& address, Collector collect);
  /// Ends scrapes that are under way first.
  ~MetricsServer();

  int port() const;

 private:
  struct Http;
  MetricsServer(std::unique_ptr<Http> http, std::string host);
  std::unique_ptr<Http> http_;
  const std::string host_;
};

/// Starts one and logs where it listens; null where `address` is empty.
base::Result<std::unique_ptr<MetricsServer>> ServeMetrics(const std::string& address, Collector collect);

}  // namespace loadline::telemetry
