#pragma once

#include <optional>
#include <string>

#include "libs/domain/benchmark.h"

namespace loadline::domain {

/// Selects benchmarks. Empty fields select everything; set fields are ANDed.
/// Text is in canonical form (`Canonical`, `CanonicalHardware`).
struct BenchmarkFilter {
  std::string model = {};
  std::string hardware = {};
  std::optional<int> hardware_count = {};
  std::string framework = {};
  std::string framework_version = {};
  std::string precision = {};
  std::optional<TrafficShape> shape = {};

  /// True when the configuration passes; `shape` is not looked at.
  bool Matches(const Configuration& configuration) const;

  friend bool operator==(const BenchmarkFilter&, const BenchmarkFilter&) = default;
};

}  // namespace loadline::domain
