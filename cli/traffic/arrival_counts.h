#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "cli/traffic/burstiness.h"

namespace loadline::cli {

/// Follows when requests come, second by second; the memory that it takes does
/// not depend on how many come.
class ArrivalCounts {
 public:
  static constexpr std::int64_t kMinute = 60;
  static constexpr std::int64_t kHour = 3600;
  /// Longer traces are refused by who reads them.
  static constexpr std::int64_t kMaxSeconds = 366 * 24 * kHour;

  /// `at_s` is seconds since the first request: 0 for that, never falling, less
  /// than `kMaxSeconds`.
  void Add(double at_s);

  std::int64_t count() const { return count_; }
  double seconds() const { return last_s_; }
  /// Requests/s over the whole time.
  double MeanRps() const;
  /// Requests/s in the busiest minute, which may start at any second; over the
  /// whole time where that is shorter. At least the mean.
  double PeakRps() const;
  /// See Burstiness.
  double InterArrivalCv() const { return burstiness_.Cv(); }
  /// Requests/s of each hour since the first request; the last hour counts
  /// only as long as it was.
  std::vector<double> HourlyRps() const;

 private:
  void MoveTo(std::int64_t second);

  std::int64_t count_ = 0;
  double last_s_ = 0;
  Burstiness burstiness_;
  // The last minute: requests by second, and their sum.
  std::array<std::int64_t, kMinute> minute_ = {};
  std::int64_t second_ = 0;
  std::int64_t in_minute_ = 0;
  std::int64_t busiest_minute_ = 0;
  std::vector<std::int64_t> hours_;
};

}  // namespace loadline::cli
