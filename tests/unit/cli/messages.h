#pragma once

#include <google/protobuf/text_format.h>

#include <stdexcept>
#include <string>

#include "cli/api.h"

namespace loadline::cli {

/// A message in protobuf's text format. Throws where it is not one.
template <typename Message>
Message FromText(const std::string& text) {
  Message message;
  if (!google::protobuf::TextFormat::ParseFromString(text, &message)) throw std::invalid_argument(text);
  return message;
}

/// A benchmark with everything set.
inline benchmark_api::Benchmark ExampleBenchmark() {
  return FromText<benchmark_api::Benchmark>(R"(
    id: "b-0123456789abcdef01234567"
    configuration { model_hf_repo: "acme/sail-7b-instruct" precision: "bf16" hardware: "H100" hardware_count: 2
                    framework: "vllm" framework_version: "0.11.0" }
    shape { input_tokens: 512 output_tokens: 256 }
    input_lengths { mean: 511.75 nominal: 512 stdev: 12.5 min: 480 max: 544 }
    output_lengths { mean: 255.5 }
    load { requests_per_second: 8 responses_per_second: 7.96 concurrency: 14.25 }
    ttft { mean_ms: 61.5 p50_ms: 55 p90_ms: 90 p95_ms: 120.25 p99_ms: 240 }
    itl { mean_ms: 8.125 p90_ms: 9.5 p95_ms: 10.25 p99_ms: 14 }
    e2e { mean_ms: 2130 p95_ms: 2650 p99_ms: 3500 }
    tokens_per_second: 2033.8
    completed_requests: 2400 failed_requests: 3
    measured_at { seconds: 1772366405 }
    provenance { source: "guidellm" origin: ORIGIN_MEASURED confidence_level: "benchmarked" format: "guidellm/v2"
                 tool_version: "0.7.1" sha256: "00ff" path: "reports/sail.json" }
    revision: 3)");
}

/// One option of a plan. Cheap and exact, unless the caller changes it.
inline planner_api::PlanOption ExampleOption() {
  return FromText<planner_api::PlanOption>(R"(
    configuration { model_hf_repo: "acme/sail-7b-instruct" precision: "bf16" hardware: "H100" hardware_count: 2
                    framework: "vllm" framework_version: "0.11.0" }
    replicas: 3 gpus: 6
    capacity { requests_per_second: 9.25 kind: CAPACITY_KIND_EXACT basis: BASIS_INTERPOLATED
               binding_limit: "itl:p95<40ms" }
    requests_per_second_per_replica: 6.6667 utilisation: 0.7207
    latency_basis: BASIS_INTERPOLATED
    margins { limit: "ttft:p95<500ms" limit_ms: 500 latency_ms: 312.4 slack: 0.3752 }
    margins { limit: "itl:p95<40ms" limit_ms: 40 latency_ms: 35.1 slack: 0.1225 }
    worst_slack: 0.1225
    cost { usd_per_hour: 24.6 usd_per_month: 17958 usd_per_million_tokens: 0.4449 usd_per_million_output_tokens: 1.33
           usd_per_gpu_hour: 4.1 provider: "aws" purchase_option: "on_demand" }
    memory { fit: MEMORY_FIT_FITS }
    evidence { benchmark_ids: "b-0123456789abcdef01234567" benchmark_ids: "b-0123456789abcdef01234568"
               shape { input_tokens: 512 output_tokens: 256 } origin: ORIGIN_MEASURED }
    pareto_optimal: true)");
}

/// A plan without options.
inline planner_api::PlanCapacityResponse ExamplePlan() {
  return FromText<planner_api::PlanCapacityResponse>(R"(
    candidate_count: 12 feasible_count: 9
    rejection_counts { reason: REJECTION_REASON_SLO configuration_count: 2 }
    rejection_counts { reason: REJECTION_REASON_MEMORY configuration_count: 1 }
    request { shape { input_tokens: 512 output_tokens: 256 } requests_per_second: 20 slo: "ttft:p95<500ms;itl:p95<40ms"
              headroom: 1.2 match_policy: MATCH_POLICY_CLOSEST_RESCALED price { purchase_option: "on_demand" } }
    freshness { revision: 7 })");
}

}  // namespace loadline::cli
