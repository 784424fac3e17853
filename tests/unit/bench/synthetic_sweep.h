#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "libs/domain/benchmark.h"

namespace loadline::bench::testing {

/// A server that batches continuously, in numbers of its own; it is not of the
/// form that planning fits. Prefill of a request takes T = prefill I (1 + I /
/// 8,000) and stretches decoding by 1 / (1 - rate T); TTFT is T, its queue
/// (M/G/1) and a step; a step takes step + per_sequence c + per_token c (I + O /
/// 2). Times in ms.
struct Server {
  double step = 8;
  double per_sequence = 0.05;
  double per_token = 4e-5;
  double prefill = 0.05;
  /// More requests in flight wait for one to end. Infinite: none.
  double most_in_flight = std::numeric_limits<double>::infinity();
};

/// How it was measured.
struct Sweep {
  Server server = {};
  std::vector<domain::TrafficShape> shapes = {};
  /// Requests in flight of the runs at each shape.
  std::vector<double> in_flight = {1, 4, 12, 32, 64, 96, 128};
  /// Standard deviation of the logarithm of every latency, by run, and of all
  /// latencies of a shape together.
  double run_noise = 0.03;
  double shape_noise = 0.03;
  std::uint64_t seed = 1;
};

/// The benchmarks of a sweep, judged as import does.
std::vector<domain::Benchmark> Measure(const Sweep& sweep);

/// Every pair of `inputs` and `outputs`.
std::vector<domain::TrafficShape> Grid(const std::vector<double>& inputs, const std::vector<double>& outputs);

/// A model of a few billion parameters, one of 8 billion, and a large one on
/// slow GPUs: ITL 3, 8 and 60 ms, TTFT of 2,000 tokens 20 ms, 0.1 s and 2 s.
Server SmallServer();
Server MediumServer();
Server LargeServer();

}  // namespace loadline::bench::testing
