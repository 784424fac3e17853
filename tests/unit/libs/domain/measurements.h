#pragma once

#include "libs/domain/benchmark.h"

namespace loadline::domain {

/// The latencies of a metric, in milliseconds.
inline LatencySummary Latencies(double mean, double p50, double p90, double p95, double p99) {
  return {.values = {mean, p50, p90, p95, p99}};
}

/// A plausible measurement that `Judge` accepts: 2/s of (512, 256) that take
/// 2.6 s each.
inline Measurement PlausibleMeasurement() {
  Measurement row = {.configuration = {.model = "org/model-8b",
                                       .precision = "bf16",
                                       .hardware = "H100",
                                       .hardware_count = 1,
                                       .framework = "vllm",
                                       .framework_version = "0.11.0"}};
  row.input_lengths = {.mean = 500, .nominal = 512, .stdev = 100, .min = 200, .max = 800};
  row.output_lengths = {.mean = 250, .nominal = 256, .stdev = 50, .min = 100, .max = 400};
  row.load = {.offered_rps = 2, .achieved_rps = 1.95, .concurrency = 5.1};
  row.ttft = Latencies(40, 35, 60, 70, 90);
  row.itl = Latencies(10, 9.5, 11, 12, 15);
  row.e2e = Latencies(2600, 2500, 3800, 4000, 4400);
  row.tpot = Latencies(10.1, 9.6, 11, 12, 15);
  row.tokens_per_second = 487.5;
  row.completed_requests = 600;
  row.failed_requests = 0;
  row.measured_at = base::Timestamp(std::chrono::milliseconds(1'767'225'600'000));
  row.provenance = {.source = "guidellm",
                    .origin = Origin::kMeasured,
                    .confidence_level = "benchmarked",
                    .format = "guidellm/v2",
                    .tool_version = "0.7.0",
                    .sha256 = "ab",
                    .path = "a.json"};
  return row;
}

}  // namespace loadline::domain
