#include "libs/telemetry/metrics_server.h"

#include <fmt/format.h>
#include <netdb.h>
#include <prometheus/collectable.h>
#include <prometheus/exposer.h>
#include <prometheus/metric_family.h>

#include <atomic>
#include <chrono>
#include <exception>
#include <limits>
#include <thread>
#include <utility>

#include "libs/rpc/listen_address.h"
#include "libs/rpc/log.h"
#include "libs/rpc/socket.h"

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

// Connects, and leaves.
void Knock(const std::string& host, int port) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) return;
  const rpc::Descriptor socket(::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  static_cast<void>(connect(socket.get(), found->ai_addr, found->ai_addrlen));
  freeaddrinfo(found);
}

base::Error CannotListen(const std::string& address, std::string detail) {
  base::Error error{.code = base::ErrorCode::kUnavailable,
                    .reason = "CANNOT_LISTEN",
                    .message = fmt::format("Cannot serve metrics on {} (METRICS_ADDRESS): it is taken, or is no "
                                           "IP address of this machine with a port.",
                                           address),
                    .metadata = {{"address", address}}};
  error.detail = std::move(detail);
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

MetricsServer::MetricsServer(std::unique_ptr<Http> http, std::string host)
    : http_(std::move(http)), host_(std::move(host)) {}

// civetweb looks every two seconds whether it is to end, and whenever somebody
// comes.
MetricsServer::~MetricsServer() {
  constexpr std::chrono::milliseconds kPause(5);
  const int known_port = port();
  std::atomic<bool> ended = false;
  std::thread ending([&] {
    http_.reset();
    ended = true;
  });
  while (!ended) {
    Knock(host_, known_port);
    std::this_thread::sleep_for(kPause);
  }
  ending.join();
}

base::Result<std::unique_ptr<MetricsServer>> MetricsServer::Start(const std::string& address, Collector collect) {
  const auto addresses = rpc::ParseListenAddresses(address);
  if (!addresses) return base::Fail(CannotListen(address, addresses.error().message));
  try {
    auto http = std::make_unique<Http>(address, std::move(collect));
    return std::unique_ptr<MetricsServer>(new MetricsServer(std::move(http), addresses->front().host));
  } catch (const std::exception& exception) {
    return base::Fail(CannotListen(address, exception.what()));
  }
}

int MetricsServer::port() const { return http_->exposer.GetListeningPorts().at(0); }

base::Result<std::unique_ptr<MetricsServer>> ServeMetrics(const std::string& address, Collector collect) {
  if (address.empty()) return nullptr;
  LOADLINE_ASSIGN_OR_RETURN(auto server, MetricsServer::Start(address, std::move(collect)));
  rpc::Log(rpc::LogLevel::kInfo, "metrics_listening", {{"address", address}, {"port", std::to_string(server->port())}});
  return server;
}

}  // namespace loadline::telemetry
