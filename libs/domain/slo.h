#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"
#include "libs/domain/latency.h"

namespace loadline::domain {

/// One promise: `metric:statistic < max_ms`. It holds at `max_ms` itself too.
struct Limit {
  Metric metric = Metric::kTtft;
  Statistic statistic = Statistic::kP95;
  /// Greater than 0, at most 24 hours, in milliseconds.
  double max_ms = 0;

  /// The normal form, such as `ttft:p95<500ms`; always in ms.
  std::string ToString() const;

  friend bool operator==(const Limit&, const Limit&) = default;
};

/// A list of 1 to 15 limits, at most one for each metric and statistic.
/// A value of this type is always valid; `Parse` is the only way to make one.
class Slo {
 public:
  /// Reads `ttft:p95<500ms;itl:p95<40ms;e2e:p99<20s`. Limits are joined by `;`
  /// or `,`; spaces are ignored; case too; `<=` is read as `<`. Units: ms, s.
  /// Fails with `kInvalidArgument` and one violation on `field` that names the
  /// offending part, its position, and what is allowed.
  static base::Result<Slo> Parse(std::string_view text, std::string_view field = "slo");

  const std::vector<Limit>& limits() const { return limits_; }
  /// The normal form: limits in the order given, joined by `;`.
  std::string ToString() const;

  friend bool operator==(const Slo&, const Slo&) = default;

 private:
  explicit Slo(std::vector<Limit> limits) : limits_(std::move(limits)) {}
  std::vector<Limit> limits_;
};

}  // namespace loadline::domain
