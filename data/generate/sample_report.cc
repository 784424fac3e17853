#include "data/generate/sample_report.h"

#include <cstdint>
#include <nlohmann/json.hpp>

#include "data/generate/demo_matrix.h"
#include "data/generate/demo_row.h"

namespace loadline::demo {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kSeed = 8;
constexpr double kStartTime = 1793491200;  // 2026-11-01T00:00:00Z
constexpr Shape kShape{512, 256};

Json Percentiles(const Spread& spread, double unit) {
  const auto at = [&](double deviations) { return Rounded(unit * (spread.mean + deviations * spread.stdev)); };
  return {{"p50", at(-0.15)}, {"p90", at(1.3)}, {"p95", at(1.9)}, {"p99", at(3.2)}};
}

/// A distribution of the successful requests. `unit` is what a second is in it.
Json Distribution(const Spread& spread, double unit, std::int64_t count) {
  const Json percentiles = Percentiles(spread, unit);
  return {{"successful",
           {{"mean", Rounded(unit * spread.mean)},
            {"median", percentiles.at("p50")},
            {"std_dev", Rounded(unit * spread.stdev)},
            {"count", count},
            {"percentiles", percentiles}}}};
}

/// A number of which only the mean says something.
Json Mean(double mean, std::int64_t count) { return {{"successful", {{"mean", Rounded(mean)}, {"count", count}}}}; }

Json Metrics(const OperatingPoint& point) {
  const auto count = static_cast<std::int64_t>(point.achieved_rps * point.seconds);
  return {{"request_totals", {{"successful", count}, {"errored", 0}, {"incomplete", 0}, {"total", count}}},
          {"requests_per_second", Mean(point.achieved_rps, count)},
          {"request_concurrency", Mean(point.concurrency, count)},
          {"request_latency", Distribution(point.e2e, 1, count)},
          {"prompt_token_count", Mean(kShape.input, count)},
          {"output_token_count", Mean(kShape.output, count)},
          {"time_to_first_token_ms", Distribution(point.ttft, 1000, count)},
          {"inter_token_latency_ms", Distribution(point.itl, 1000, count)},
          {"output_tokens_per_second", Mean(point.achieved_rps * kShape.output, count)},
          {"tokens_per_second", Mean(point.achieved_rps * (kShape.input + kShape.output), count)}};
}

Json Run(int index, double offered, const OperatingPoint& point) {
  const double start = kStartTime + 1000 * index;
  return {{"type_", "generative_benchmark"},
          {"config",
           {{"run_index", index},
            {"strategy", {{"type_", "constant"}, {"rate", offered}}},
            {"backend", {{"kind", "openai_http"}, {"model", SampleDeployment().model.name}}}}},
          {"start_time", start},
          {"end_time", Rounded(start + point.seconds)},
          {"duration", Rounded(point.seconds)},
          {"metrics", Metrics(point)}};
}

Json Data() {
  return {{"kind", "synthetic_text"},
          {"prompt_tokens", static_cast<int>(kShape.input)},
          {"prompt_tokens_stdev", kShape.input / 5},
          {"output_tokens", static_cast<int>(kShape.output)},
          {"output_tokens_stdev", kShape.output / 5}};
}

Json Config() {
  const Json labels = {{"source", "synthetic"}, {"note", "a sample: calculated by data/generate, not measured"}};
  return {{"metadata", {{"labels", labels}}},
          {"spec",
           {{"backend", {{"kind", "openai_http"}, {"model", SampleDeployment().model.name}}},
            {"profile", {{"kind", "sweep"}}},
            {"data", Json::array({Data()})}}}};
}

}  // namespace

std::string SampleReport() {
  Noise noise(kSeed);
  Json runs = Json::array();
  const Deployment deployment = SampleDeployment();
  for (const double load : kLoads) {
    const double offered = Rounded(load * SaturationRate(deployment, kShape));
    const OperatingPoint point = Measured(Operate(deployment, kShape, offered), kShape, noise);
    runs.push_back(Run(static_cast<int>(runs.size()), offered, point));
  }
  const Json report = {
      {"metadata", {{"version", 2}, {"guidellm_version", "0.8.0"}}}, {"config", Config()}, {"benchmarks", runs}};
  return report.dump(1) + "\n";
}

}  // namespace loadline::demo
