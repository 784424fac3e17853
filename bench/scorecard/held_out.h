#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "services/planner/planning/plan.h"

namespace loadline::bench {

/// Promises that a decision must keep; at least one.
using Limits = std::vector<domain::Limit>;

/// One shape that nobody has seen, and the evidence of all others.
class HeldOut {
 public:
  /// `benchmarks` are of one configuration.
  HeldOut(const std::vector<domain::Benchmark>& benchmarks, const domain::TrafficShape& held);

  /// Its benchmarks, by achieved rate.
  const std::vector<domain::Benchmark>& rows() const { return rows_; }
  /// Their mean lengths.
  const domain::TrafficShape& lengths() const { return lengths_; }
  /// The others' evidence.
  const planning::ConfigurationEvidence& others() const { return evidence_->configurations.front(); }
  /// The fit to the others; null where they are too few.
  const planning::PerformanceFit* fit() const;

  /// The highest rate within the limits, between benchmarks by straight lines
  /// in the logarithm of the latency's running maximum. 0: at no rate; absent:
  /// at all that were measured, so nobody knows.
  std::optional<double> Truth(const Limits& limits) const;

  /// What the planner trusts one replica with, asked as users ask; 0: nothing.
  double Plan(const Limits& limits) const;
  /// What the fit alone says; 0 where it says nothing.
  double Point(const Limits& limits) const;
  /// The highest rate that was measured to hold at the nearest shapes, one for
  /// each that is as near; rescaled to equal tokens/s if asked.
  std::vector<double> Nearest(const Limits& limits, bool rescaled) const;

 private:
  std::vector<domain::Benchmark> rows_;
  domain::TrafficShape held_;
  domain::TrafficShape lengths_;
  std::vector<domain::Benchmark> other_rows_;
  std::shared_ptr<const planning::ModelEvidence> evidence_;
};

}  // namespace loadline::bench
