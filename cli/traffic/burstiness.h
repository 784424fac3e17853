#pragma once

#include <cstdint>

namespace loadline::cli {

/// How bursty arrivals are: the coefficient of variation of the time between two
/// of them, within stretches of at least a minute and 100 arrivals. What is
/// slower, such as night and day, is no burst: a plan is made for the busiest
/// minute anyway.
class Burstiness {
 public:
  static constexpr double kShortestStretch = 60;  // seconds
  static constexpr std::int64_t kFewestGaps = 100;

  /// `gap_s` follows the gap that was added last; at least 0.
  void Add(double gap_s);

  /// Standard deviation / mean of the gaps of a stretch; of several, the root of
  /// the mean square, each arrival counting the same. 0 where no time passed.
  double Cv() const;

 private:
  struct Stretch {
    std::int64_t gaps = 0;
    double seconds = 0;
    // Welford's sums.
    double mean = 0;
    double squares = 0;

    /// Squared coefficient of variation x gaps.
    double WeightedSquare() const { return mean > 0 ? squares / (mean * mean) : 0; }
  };

  Stretch stretch_;
  // Of the stretches that are over.
  std::int64_t gaps_ = 0;
  double squares_ = 0;
};

}  // namespace loadline::cli
