#pragma once

#include <array>
#include <vector>

#include "data/generate/performance_model.h"

namespace loadline::demo {

inline constexpr std::array<Shape, 5> kShapes = {{{150, 200}, {512, 256}, {1024, 512}, {2048, 1024}, {100, 50}}};

/// Offered rates as shares of the saturation rate. At the last two a
/// deployment does not keep up.
inline constexpr std::array<double, 8> kLoads = {0.10, 0.30, 0.50, 0.65, 0.80, 0.90, 1.02, 1.35};

/// The 24 deployments of the demo set.
std::vector<Deployment> Deployments();

/// One that is not among them: that of the sample report.
Deployment SampleDeployment();

}  // namespace loadline::demo
