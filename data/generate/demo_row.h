#pragma once

#include <cstdint>
#include <string>

#include "data/generate/performance_model.h"

namespace loadline::demo {

/// A deterministic source of measurement noise (SplitMix64).
class Noise {
 public:
  explicit Noise(std::uint64_t seed) : state_(seed) {}

  /// A factor that is evenly distributed in [1 - width, 1 + width].
  double Factor(double width);

 private:
  std::uint64_t Next();
  std::uint64_t state_;
};

/// `point` as a load generator would have measured it.
OperatingPoint Measured(OperatingPoint point, const Shape& shape, Noise& noise);

/// One row of data/benchmarks.json, without a line break. Numbers have at most
/// three decimals.
std::string RowText(const Deployment& deployment, const Shape& shape, double offered, const OperatingPoint& point);

/// `value` with three decimals.
double Rounded(double value);

}  // namespace loadline::demo
