#include "tests/unit/bench/synthetic_sweep.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "libs/domain/judge.h"

namespace loadline::bench::testing {
namespace {

using domain::Statistic;

/// What a server does in the mean.
struct Steady {
  double rps = 0;
  double ttft_ms = 0;
  double itl_ms = 0;
  /// Share of the time that prefill takes.
  double busy = 0;
};

double PrefillMs(const Server& server, double input_tokens) {
  return server.prefill * input_tokens * (1 + input_tokens / 8000);
}

Steady At(const Server& server, const domain::TrafficShape& shape, double in_flight, double rps) {
  const double prefill = PrefillMs(server, shape.input_tokens);
  const double busy = std::min(0.98, rps * prefill / 1000);
  const double decoded = std::min(in_flight, server.most_in_flight);
  const double step =
      server.step + decoded * (server.per_sequence + server.per_token * (shape.input_tokens + shape.output_tokens / 2));
  const double itl = step / (1 - busy);
  // Who finds no place waits for the share of a stay that the others are over.
  const double stay = prefill + itl * (shape.output_tokens - 1);
  const double waits = stay * std::max(0.0, in_flight / server.most_in_flight - 1);
  return {.rps = rps, .ttft_ms = prefill + busy / (1 - busy) * prefill / 2 + step + waits, .itl_ms = itl, .busy = busy};
}

// The rate that keeps so many in flight, by Little's law; stays grow with the
// rate, so by halving.
Steady Settle(const Server& server, const domain::TrafficShape& shape, double in_flight) {
  double low = 0;
  double high = 1e6;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    const Steady at = At(server, shape, in_flight, middle);
    const double present = middle * (at.ttft_ms + at.itl_ms * (shape.output_tokens - 1)) / 1000;
    (present < in_flight ? low : high) = middle;
  }
  return At(server, shape, in_flight, low);
}

// Log-normal, wider the busier the server is.
domain::LatencySummary Spread(double mean, double sigma) {
  domain::LatencySummary summary;
  const double median = mean * std::exp(-sigma * sigma / 2);
  summary.values = {mean, median, median * std::exp(1.2816 * sigma), median * std::exp(1.6449 * sigma),
                    median * std::exp(2.3263 * sigma)};
  return summary;
}

domain::Measurement Run(const domain::TrafficShape& shape, double in_flight, const Steady& steady, double noise) {
  domain::Measurement m{.configuration = {.model = "acme/swept-8b",
                                          .precision = "bf16",
                                          .hardware = "GPU",
                                          .hardware_count = 1,
                                          .framework = "vllm",
                                          .framework_version = "1"}};
  m.input_lengths = {.mean = shape.input_tokens, .nominal = shape.input_tokens};
  m.output_lengths = {.mean = shape.output_tokens, .nominal = shape.output_tokens};
  m.load = {.offered_rps = steady.rps / noise, .achieved_rps = steady.rps / noise, .concurrency = in_flight};
  m.ttft = Spread(steady.ttft_ms * noise, 0.15 + 0.6 * steady.busy);
  m.itl = Spread(steady.itl_ms * noise, 0.05 + 0.2 * steady.busy);
  m.e2e = Spread((steady.ttft_ms + steady.itl_ms * (shape.output_tokens - 1)) * noise, 0.08);
  m.completed_requests = 500;
  return m;
}

}  // namespace

std::vector<domain::Benchmark> Measure(const Sweep& sweep) {
  std::mt19937_64 random(sweep.seed);
  std::normal_distribution<double> normal;
  std::vector<domain::Benchmark> benchmarks;
  for (const auto& shape : sweep.shapes) {
    const double of_shape = sweep.shape_noise * normal(random);
    for (const double in_flight : sweep.in_flight) {
      const double noise = std::exp(of_shape + sweep.run_noise * normal(random));
      auto verdict = domain::Judge(Run(shape, in_flight, Settle(sweep.server, shape, in_flight), noise));
      if (!verdict.accepted()) continue;
      const auto id = domain::BenchmarkId::Of(verdict.measurement);
      benchmarks.push_back(
          {.id = id, .shape = verdict.shape, .revision = 1, .measurement = std::move(verdict.measurement)});
    }
  }
  return benchmarks;
}

std::vector<domain::TrafficShape> Grid(const std::vector<double>& inputs, const std::vector<double>& outputs) {
  std::vector<domain::TrafficShape> shapes;
  for (const double input : inputs) {
    for (const double output : outputs) shapes.push_back({input, output});
  }
  return shapes;
}

Server SmallServer() { return {.step = 3, .per_sequence = 0.02, .per_token = 1e-5, .prefill = 0.008}; }
Server MediumServer() { return {.step = 8, .per_sequence = 0.05, .per_token = 4e-5, .prefill = 0.04}; }
Server LargeServer() { return {.step = 60, .per_sequence = 0.2, .per_token = 2e-4, .prefill = 0.8}; }

}  // namespace loadline::bench::testing
