#include "libs/telemetry/metrics_server.h"

#include <fmt/format.h>
#include <prometheus/collectable.h>
#include <prometheus/exposer.h>
#include <prometheus/metric_family.h>

#include <exception>
#include <limits>
#include <utility>

#include "libs/rpc/log.h"

namespace loadline::telemetry {
namespace {

using prometheus::ClientMetric;

ClientMetric::Histogram Cumulative(const Buckets& buckets) {
  ClientMetric::Histogram histogram;
  histogram.sample_sum = buckets.sum;
  for (std::size_t i = 0; i < buckets.counts.size(); ++i) {
    histogram.sample_count += buckets.counts[i];
    const double bound = i < buckets.bounds.size() ? buckets.bounds[i] : std::numeric_limits<double>::infinity();
    histogram.bucket.push_back({.cumulative_count = histogram.sample_count, .upper_bound = bound});
  }
  return histogram;
}

ClientMetric Converted(const Sample& sample, MetricType type) {
  ClientMetric metric;
  for (const auto& [name, value] : sample.labels) metric.label.push_back({std::string(name), value});
  switch (type) {
    case MetricType::kCounter: metric.counter.value = sample.value; break;
    case MetricType::kGauge: metric.gauge.value = sample.value; break;
    case MetricType::kHistogram: metric.histogram = Cumulative(sample.buckets); break;
  }
  return metric;
}

prometheus::MetricType Converted(MetricType type) {
  switch (type) {
    case MetricType::kCounter: return prometheus::MetricType::Counter;
    case MetricType::kGauge: return prometheus::MetricType::Gauge;
    case MetricType::kHistogram: return prometheus::MetricType::Histogram;
  }
  return prometheus::MetricType::Untyped;
}

class Adapter final : public prometheus::Collectable {
 public:
  explicit Adapter(Collector collect) : collect_(std::move(collect)) {}

  // An exception would end the program: civetweb's threads catch none.
  std::vector<prometheus::MetricFamily> Collect() const override {
    try {
      return Families();
    } catch (const std::exception& exception) {
      rpc::Log(rpc::LogLevel::kError, "metrics_failed", {{"detail", exception.what()}});
      return {};
    }
  }

 private:
  std::vector<prometheus::MetricFamily> Families() const {
    std::vector<prometheus::MetricFamily> families;
    for (const auto& metric : collect_()) {
      auto& family = families.emplace_back();
      family.name = metric.name;
      family.help = metric.help;
      family.type = Converted(metric.type);
      for (const auto& sample : metric.samples) family.metric.push_back(Converted(sample, metric.type));
    }
    return families;
  }

  const Collector collect_;
};

// Two scrapes at once; one that dawdles is closed, so that it blocks nobody.
std::vector<std::string> OptionsFor(const std::string& address) {
  return {"listening_ports", address, "num_threads", "2", "request_timeout_ms", "10000", "enable_keep_alive", "no"};
}

base::Error CannotListen(const std::string& address, const char* detail) {
  base::Error error{.code = base::ErrorCode::kUnavailable,
                    .reason = "CANNOT_LISTEN",
                    .message = fmt::format("Cannot serve metrics on {} (METRICS_ADDRESS): it is taken, or is no "
                                           "IP address of this machine with a port.",
                                           address),
                    .metadata = {{"address", address}}};
  error.detail = detail;
  return error;
}

}  // namespace

struct MetricsServer::Http {
  explicit Http(const std::string& address, Collector collect)
      : adapter(std::make_shared<Adapter>(std::move(collect))), exposer(OptionsFor(address)) {
    exposer.RegisterCollectable(adapter);
  }

  std::shared_ptr<Adapter> adapter;
  prometheus::Exposer exposer;
};

MetricsServer::MetricsServer(std::unique_ptr<Http> http) : http_(std::move(http)) {}

MetricsServer::~MetricsServer() = default;

base::Result<std::unique_ptr<MetricsServer>> MetricsServer::Start(const std::string& address, Collector collect) {
  try {
    auto http = std::make_unique<Http>(address, std::move(collect));
    return std::unique_ptr<MetricsServer>(new MetricsServer(std::move(http)));
  } catch (const std::exception& exception) {
    return base::Fail(CannotListen(address, exception.what()));
  }
}

int MetricsServer::port() const { return http_->exposer.GetListeningPorts().at(0); }

}  // namespace loadline::telemetry
