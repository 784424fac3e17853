#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libs/domain/benchmark.h"
#include "services/planner/planning/load_curve.h"
#include "services/planner/planning/performance_model.h"

namespace loadline::planning {

/// Everything that was measured of one configuration.
struct ConfigurationEvidence {
  domain::Configuration configuration;
  /// In order of shape; at least one.
  std::vector<LoadCurve> curves;
  /// domain::WeightBits of the configuration, looked up once.
  std::optional<double> weight_bits;
  /// What predicts other shapes; null where too little was measured.
  std::shared_ptr<const PerformanceModel> performance = {};
};

/// Everything that was measured of one model. Immutable once built; share it
/// freely between threads.
struct ModelEvidence {
  std::string model;
  /// In order of configuration.
  std::vector<ConfigurationEvidence> configurations;
  /// Memory it takes, in bytes, everything included.
  std::size_t bytes = 0;
  std::size_t benchmark_count = 0;
};

/// Builds the evidence of `model` from its benchmarks, in any order. The result
/// does not depend on that order.
ModelEvidence BuildModelEvidence(std::string model, const std::vector<domain::Benchmark>& benchmarks);

}  // namespace loadline::planning
