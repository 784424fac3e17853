#include "tests/conformance/sample.h"

#include <algorithm>

namespace loadline::store {
namespace {

constexpr double kItlMs = 10;
// The longest mean whose p99 is still within the 24 hours that are possible.
constexpr double kMaxE2eMs = 5e7;
constexpr double kOfferedOverAchieved = 1.02;
constexpr double kOfferedWhenSaturated = 2;

domain::LatencySummary Latencies(double mean) {
  return {.values = {mean, mean * 0.9, mean * 1.2, mean * 1.3, mean * 1.5}};
}

domain::TokenLengths Lengths(double nominal) {
  return {.mean = nominal,
          .nominal = nominal,
          .stdev = nominal / 8,
          .min = nominal / 2,
          .max = std::min(nominal * 2, domain::TrafficShape::kMaxTokens)};
}

domain::Load LoadOf(const SampleOptions& options, double e2e_ms) {
  const double ratio = options.saturated ? kOfferedWhenSaturated : kOfferedOverAchieved;
  return {.offered_rps = options.rate * ratio,
          .achieved_rps = options.rate,
          .concurrency = options.rate * e2e_ms / 1000,
          .saturated = options.saturated};
}

}  // namespace

domain::Measurement Sample(const SampleOptions& options) {
  const double ttft_ms = 100 + options.variant;
  const double itl_ms = std::min(kItlMs, kMaxE2eMs / options.output_tokens);
  const double e2e_ms = ttft_ms + itl_ms * std::max(options.output_tokens - 1, 0.0);
  return {.configuration = {.model = options.model,
                            .precision = options.precision,
                            .hardware = options.hardware,
                            .hardware_count = options.hardware_count,
                            .framework = options.framework,
                            .framework_version = options.framework_version},
          .input_lengths = Lengths(options.input_tokens),
          .output_lengths = Lengths(options.output_tokens),
          .load = LoadOf(options, e2e_ms),
          .ttft = Latencies(ttft_ms),
          .itl = Latencies(itl_ms),
          .e2e = Latencies(e2e_ms),
          .tpot = Latencies(itl_ms),
          .chunk_gap = options.variant == 0 ? domain::LatencySummary() : Latencies(4 * itl_ms),
          .tokens_per_second = options.rate * options.output_tokens,
          .completed_requests = 1000,
          .failed_requests = 3,
          .measured_at = base::Timestamp(std::chrono::milliseconds(1'700'000'000'123)),
          .provenance = {.source = "test",
                         .origin = options.origin,
                         .confidence_level = "benchmarked",
                         .format = "sample/v1",
                         .tool_version = "3.2.1",
                         .sha256 = "00ff",
                         .path = "reports/sample.json"}};
}

domain::Verdict Accepted(const SampleOptions& options) {
  auto measurement = Sample(options);
  const auto shape = domain::ShapeOf(measurement).value();
  return {.measurement = std::move(measurement), .shape = shape, .reasons = {}};
}

domain::Measurement BadSample(const SampleOptions& options) {
  auto measurement = Sample(options);
  measurement.ttft[domain::Statistic::kP50] = -1;
  return measurement;
}

}  // namespace loadline::store
