#include "tests/unit/services/planner/planning/fitted_world.h"

namespace loadline::planning::testing {
namespace {

domain::LatencySummary Spread(double mean) {
  domain::LatencySummary summary;
  summary.values = {mean, 0.9 * mean, 1.2 * mean, 1.4 * mean, 2 * mean};
  return summary;
}

}  // namespace

WorldPoint WorldAt(const domain::TrafficShape& shape, double in_flight) {
  WorldPoint point;
  point.ttft_mean = 10 + 0.05 * shape.input_tokens + 0.2 * in_flight;
  point.itl_mean = 5 + 0.05 * in_flight + 1e-5 * in_flight * (shape.input_tokens + shape.output_tokens / 2);
  point.rps = 1000 * in_flight / (point.ttft_mean + (shape.output_tokens - 1) * point.itl_mean);
  return point;
}

std::vector<domain::Benchmark> FittedWorld(const std::vector<domain::TrafficShape>& shapes, double noise,
                                           const domain::Configuration& configuration) {
  std::vector<domain::Benchmark> benchmarks;
  double factor = 1 + noise;
  for (const auto& shape : shapes) {
    for (const double in_flight : {1.0, 4.0, 16.0, 48.0, 96.0}) {
      const WorldPoint point = WorldAt(shape, in_flight);
      domain::Measurement m{.configuration = configuration};
      m.input_lengths = {.mean = shape.input_tokens, .nominal = shape.input_tokens};
      m.output_lengths = {.mean = shape.output_tokens, .nominal = shape.output_tokens};
      m.load = {.offered_rps = point.rps, .achieved_rps = point.rps, .concurrency = in_flight};
      m.ttft = Spread(point.ttft_mean * factor);
      m.itl = Spread(point.itl_mean * factor);
      m.e2e = Spread((point.ttft_mean + (shape.output_tokens - 1) * point.itl_mean) * factor);
      const auto id = domain::BenchmarkId::Of(m);
      benchmarks.push_back({.id = id, .shape = shape, .revision = 1, .measurement = std::move(m)});
    }
    factor = 2 - factor;
  }
  return benchmarks;
}

std::vector<domain::TrafficShape> NineShapes() {
  std::vector<domain::TrafficShape> shapes;
  for (const double input : {128.0, 512.0, 2048.0}) {
    for (const double output : {64.0, 256.0, 1024.0}) shapes.push_back({input, output});
  }
  return shapes;
}

}  // namespace loadline::planning::testing
