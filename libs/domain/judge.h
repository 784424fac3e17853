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
/// * MALFORMED_TEXT: a text of more than 256 bytes (a path: 4096), or with
///   control characters.
/// * NEGATIVE_VALUE, NOT_FINITE, OUT_OF_RANGE: any number. A latency or rate of
///   0 is OUT_OF_RANGE: what was not measured must be absent. So is a latency
///   above 24 hours, and a time of measurement outside the years 2000 to 2199.
/// * PERCENTILES_NOT_MONOTONE: p50 <= p90 <= p95 <= p99 does not hold. Absent
///   ones are skipped. (A mean above p90 is possible: one long gap does it.)
/// * MEAN_OUTSIDE_RANGE: the mean of a side's tokens is not in [min, max].
/// * E2E_SHORTER_THAN_TTFT: at the same statistic.
/// * WRONG_UNIT: e2e mean is about 1000 times, or a thousandth of,
///   ttft + (output - 1) x itl; or e2e - ttft is about 1000 times
///   (output - 1) x itl. "About 1000" is 250 and more, since a report that times
///   chunks of several tokens is off by as many.
/// * TOO_FEW_REQUESTS: fewer than 30 completed, so tail percentiles mean
///   nothing.
/// * ALL_REQUESTS_FAILED: none completed. Nothing else is then said, since
///   nothing was measured.
/// * CONTRADICTORY: achieved above 1.25 x offered + 1; output tokens/s
///   differing from rate x output length by more than a factor of 2; rate x e2e
///   mean more than twice the concurrency (Little's law); or a mean latency
///   below half of what a percentile makes necessary (a tenth of all requests
///   take p90 or longer, so the mean is at least p90 / 10).
///
/// Comparisons let values differ by 1e-6, relative, as rounding makes them.
///
/// No reason, but marks the load as saturated: achieved below 0.9 x offered, of
/// which a run of duration D (requests completed / achieved rate) cannot
/// complete the last e2e mean / D, at most a sixth; or more than a tenth of the requests failed.
/// A report that says so itself is believed.
Verdict Judge(Measurement measurement);

}  // namespace loadline::domain
