#pragma once

#include <string>
#include <variant>
#include <vector>

#include "libs/domain/benchmark.h"

namespace loadline::domain {

/// Why a row cannot be used.
struct QuarantineReason {
  /// UPPER_SNAKE_CASE and stable; the list is in docs/OPERATIONS.md.
  std::string reason;
  /// The field as in a report, such as `ttft_p95`.
  std::string field;
  /// What is wrong, with the value.
  std::string message;

  friend bool operator==(const QuarantineReason&, const QuarantineReason&) = default;
};

/// What import makes of one measurement.
struct Verdict {
  /// The measurement in canonical form, with `load.saturated` decided.
  Measurement measurement;
  /// Set when `reasons` is empty.
  TrafficShape shape = {};
  /// Everything that speaks against it. Empty: it is accepted.
  std::vector<QuarantineReason> reasons = {};

  bool accepted() const { return reasons.empty(); }
};

/// Checks a measurement against what is physically possible:
///
/// * MISSING_FIELD: model, hardware, a length of each side, the achieved rate,
///   or every latency is absent; GPU count below 1.
/// * NEGATIVE_VALUE, NOT_FINITE, OUT_OF_RANGE: any number. A latency of 0 is
///   OUT_OF_RANGE: what was not measured must be absent.
/// * PERCENTILES_NOT_MONOTONE: p50 <= p90 <= p95 <= p99 does not hold.
///   (A mean above p90 is possible: one long gap does it.)
/// * MEAN_OUTSIDE_RANGE: the mean of a side's tokens is not in [min, max].
/// * E2E_SHORTER_THAN_TTFT: at the same statistic.
/// * WRONG_UNIT: e2e mean is about 1000 times, or a thousandth of,
///   ttft + (output - 1) x itl.
/// * TOO_FEW_REQUESTS: fewer than 30 completed, so tail percentiles mean
///   nothing.
/// * ALL_REQUESTS_FAILED: none completed.
/// * CONTRADICTORY: achieved above 1.25 x offered + 1, or output tokens/s
///   differing from rate x output length by more than a factor of 2.
///
/// Achieved below 0.9 x offered is no reason: it marks the load as saturated.
Verdict Judge(Measurement measurement);

}  // namespace loadline::domain
