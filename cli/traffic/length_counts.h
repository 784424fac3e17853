#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace loadline::cli {

/// Counts amounts in bins of equal ratio; the memory that it takes does not
/// depend on how many are counted.
class AmountCounts {
 public:
  void Add(double amount);
  /// The mean of the bin that holds the `share` quantile of all amounts, by
  /// nearest rank: off by at most 1.1 %. 0 < share <= 1; 0 where none was added.
  double Quantile(double share) const;
  double mean() const { return count_ == 0 ? 0 : sum_ / static_cast<double>(count_); }

 private:
  struct Bin {
    std::int64_t count = 0;
    double sum = 0;
  };
  std::map<int, Bin> bins_;
  std::int64_t count_ = 0;
  double sum_ = 0;
};

/// The requests that have about the same lengths.
struct LengthShare {
  /// Their mean lengths in tokens.
  double input_tokens = 0;
  double output_tokens = 0;
  /// Their share of all requests.
  double weight = 0;

  friend bool operator==(const LengthShare&, const LengthShare&) = default;
};

/// Counts (input, output) lengths in bins of equal ratio, four to an octave on
/// each side: at most 8,836 of them for lengths up to 10,000,000 tokens.
class LengthCounts {
 public:
  /// Both are greater than 0 and at most 10,000,000.
  void Add(double input_tokens, double output_tokens);
  /// In order of input, then output tokens. Weights add up to 1, and the mean
  /// lengths are those of what was added.
  std::vector<LengthShare> Shares() const;

 private:
  struct Bin {
    std::int64_t count = 0;
    double input_tokens = 0;
    double output_tokens = 0;
  };
  std::map<std::pair<int, int>, Bin> bins_;
  std::int64_t count_ = 0;
};

}  // namespace loadline::cli
