#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "services/planner/planning/plan.h"

namespace loadline::bench {

/// Limits on TTFT p95 and ITL p95, in ms.
struct Limits {
  double ttft_ms = 0;
  double itl_ms = 0;
};

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

  /// The highest rate within the limits, between benchmarks by straight lines
  /// in the logarithm of the latency's running maximum. 0: at no rate; absent:
  /// at all that were measured, so nobody knows.
  std::optional<double> Truth(const Limits& limits) const;

  /// What the planner trusts one replica with, asked as users ask; 0: nothing.
  double Plan(const Limits& limits) const;
  /// What the fit alone says, limits being on `statistic`.
  double Point(const Limits& limits, domain::Statistic statistic) const;
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
