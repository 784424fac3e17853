#pragma once

#include <vector>

#include "libs/domain/benchmark.h"
#include "tests/unit/services/planner/planning/curves.h"

namespace loadline::planning::testing {

/// A deployment that follows the fitted basis exactly, measured without noise:
/// ITL mean = 5 + 0.05 c + 1e-5 c (I + O/2), TTFT mean = 10 + 0.05 I + 0.2 c;
/// percentiles in fixed proportions (p50 0.9, p90 1.2, p95 1.4, p99 2 of the
/// mean). Points at 1, 4, 16, 48 and 96 requests in flight for each shape.
/// `noise` multiplies shape by shape: 1.05 and 0.95 in turn for 0.05.
std::vector<domain::Benchmark> FittedWorld(const std::vector<domain::TrafficShape>& shapes, double noise = 0,
                                           const domain::Configuration& configuration = kSmall);

/// What FittedWorld does at a shape with some requests in flight.
struct WorldPoint {
  double rps = 0;
  double ttft_mean = 0;
  double itl_mean = 0;
};
WorldPoint WorldAt(const domain::TrafficShape& shape, double in_flight);

/// Nine shapes, inputs 128 to 2,048 and outputs 64 to 1,024.
std::vector<domain::TrafficShape> NineShapes();

}  // namespace loadline::planning::testing
