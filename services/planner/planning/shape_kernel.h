#pragma once

#include <span>

#include "libs/domain/traffic_shape.h"

namespace loadline::planning {

/// A traffic shape as errors see it: lengths differ by ratios.
struct LogShape {
  double ln_input = 0;
  double ln_output = 0;

  static LogShape Of(const domain::TrafficShape& shape);
};

/// How much what is known of one shape counts for another: 1 for the same
/// shape, less the farther they are apart (a Gaussian kernel).
double ShapeKernel(const LogShape& a, const LogShape& b, double bandwidth);

/// The distribution of errors is taken from as far around as this, in the
/// logarithm of lengths: a factor of 12.
inline constexpr double kErrorBandwidth = 2.5;

/// How much of what is known of errors at `known` shapes holds at `asked`: 1
/// among them and as far outside as they are from each other, less beyond. The
/// kernel density at `asked` by the lowest that any of the shapes has among the
/// others. 0 with fewer than two shapes.
double ReachOf(std::span<const LogShape> known, const LogShape& asked);

}  // namespace loadline::planning
