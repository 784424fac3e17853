#include "services/planner/planning/shape_kernel.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace loadline::planning {
namespace {

double DensityAt(std::span<const LogShape> known, const LogShape& at) {
  double density = 0;
  for (const LogShape& shape : known) density += ShapeKernel(shape, at, kErrorBandwidth);
  return density;
}

}  // namespace

LogShape LogShape::Of(const domain::TrafficShape& shape) {
  return {.ln_input = std::log(shape.input_tokens), .ln_output = std::log(shape.output_tokens)};
}

double ShapeKernel(const LogShape& a, const LogShape& b, double bandwidth) {
  const double input = (a.ln_input - b.ln_input) / bandwidth;
  const double output = (a.ln_output - b.ln_output) / bandwidth;
  return std::exp(-(input * input + output * output) / 2);
}

double ReachOf(std::span<const LogShape> known, const LogShape& asked) {
  if (known.size() < 2) return 0;
  double lowest = std::numeric_limits<double>::infinity();
  for (const LogShape& shape : known) lowest = std::min(lowest, DensityAt(known, shape) - 1);
  return lowest > 0 ? std::min(1.0, DensityAt(known, asked) / lowest) : 1;
}

}  // namespace loadline::planning
