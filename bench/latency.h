#pragma once

#include <chrono>
#include <functional>
#include <vector>

namespace loadline::bench {

/// One blocking call; throws if it fails.
using Call = std::function<void()>;

/// What runs on one connection: the empty call, and the one that is measured.
struct Connection {
  Call empty;
  Call measured;
};

/// How much to measure. Rounds of empty and of measured calls alternate, so
/// that both see the same machine.
struct Effort {
  int rounds = 10;
  int empty_per_round = 500;
  int measured_per_round = 500;
};

/// Durations of calls, in microseconds.
class Samples {
 public:
  void Add(const std::vector<double>& microseconds);
  /// The nearest-rank percentile, `q` in (0, 1]. There must be samples.
  double Percentile(double q) const;

 private:
  mutable std::vector<double> values_;
};

struct Comparison {
  Samples empty;
  Samples measured;

  double Ratio(double q) const { return measured.Percentile(q) / empty.Percentile(q); }
};

/// Measures all connections at once, a thread each, after a round to warm up.
/// Throws what a call threw.
Comparison Compare(const std::vector<Connection>& connections, const Effort& effort);

/// How many calls a second all make together, a thread each, once warm. Throws
/// what a call threw.
double CallsPerSecond(const std::vector<Call>& calls, std::chrono::seconds duration);

}  // namespace loadline::bench
