#include "libs/telemetry/metrics_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "libs/telemetry/histogram.h"
#include "libs/telemetry/process_metrics.h"
#include "libs/testing/http_receiver.h"
#include "libs/testing/matchers.h"

namespace loadline::telemetry {
namespace {

using ::testing::AllOf;
using testing::Fails;
using ::testing::HasSubstr;
using testing::HttpGet;
using ::testing::Not;

std::unique_ptr<MetricsServer> Serving(Collector collect) {
  return MetricsServer::Start("127.0.0.1:0", std::move(collect)).value();
}

TEST(MetricsServerTest, MetricsAreServedAsPrometheusReadsThem) {
  Histogram histogram({0.5, 1});
  for (const double value : {0.5, 0.75, 3.0}) histogram.Observe(value);
  const auto server = Serving([&] {
    return Metrics{Counter("things_total", "Things.", {{.labels = {{"kind", "a \"b\""}}, .value = 3}}),
                   Gauge("level", "The level.", 1.5), Distribution("sizes", "Sizes.", {{.buckets = histogram.Read()}})};
  });
  EXPECT_THAT(HttpGet(server->port(), "/metrics"),
              AllOf(HasSubstr("# HELP things_total Things.\n# TYPE things_total counter\n"),
                    HasSubstr("things_total{kind=\"a \\\"b\\\"\"} 3\n"), HasSubstr("# TYPE level gauge\nlevel 1.5\n"),
                    HasSubstr("# TYPE sizes histogram\n"), HasSubstr("sizes_count 3\n"), HasSubstr("sizes_sum 4.25\n"),
                    HasSubstr("sizes_bucket{le=\"0.5\"} 1\n"), HasSubstr("sizes_bucket{le=\"1\"} 2\n"),
                    HasSubstr("sizes_bucket{le=\"+Inf\"} 3\n")));
}

TEST(MetricsServerTest, WhatCannotBeReadEndsNothing) {
  int reads = 0;
  const auto server = Serving([&]() -> Metrics {
    if (++reads == 1) throw std::runtime_error("no luck");
    return {Gauge("level", "The level.", 2)};
  });
  EXPECT_THAT(HttpGet(server->port(), "/metrics"), Not(HasSubstr("level 2")));
  EXPECT_THAT(HttpGet(server->port(), "/metrics"), HasSubstr("level 2"));
}

TEST(MetricsServerTest, AnAddressThatCannotBeHadIsAnError) {
  const auto server = Serving([] { return Metrics(); });
  for (const auto& address : {"127.0.0.1:" + std::to_string(server->port()), std::string("192.0.2.1:0"),
                              std::string("nonsense"), std::string("127.0.0.1:99999")}) {
    EXPECT_THAT(MetricsServer::Start(address, [] { return Metrics(); }),
                Fails(base::ErrorCode::kUnavailable, "CANNOT_LISTEN"))
        << address;
  }
}

TEST(ProcessMetricsTest, TheProcessIsDescribed) {
  std::map<std::string, double> values;
  for (const auto& metric : ProcessMetrics()) values[metric.name] = metric.samples.at(0).value;
  EXPECT_EQ(values.size(), 7);
  EXPECT_GT(values["process_resident_memory_bytes"], 1 << 20);
  EXPECT_GT(values["process_virtual_memory_bytes"], values["process_resident_memory_bytes"]);
  EXPECT_GE(values["process_threads"], 1);
  EXPECT_GE(values["process_open_fds"], 3);
  EXPECT_GT(values["process_max_fds"], values["process_open_fds"]);
  EXPECT_GE(values["process_cpu_seconds_total"], 0);
  const auto now = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  EXPECT_LT(values["process_start_time_seconds"], now + 1);
  EXPECT_GT(values["process_start_time_seconds"], now - 3600);
}

}  // namespace
}  // namespace loadline::telemetry
