#include "cli/traffic/length_counts.h"

#include <cmath>

namespace loadline::cli {
namespace {

// Bins of 1 / 64 octave are 1.09 % wide.
constexpr double kAmountBinsPerOctave = 64;
constexpr double kLengthBinsPerOctave = 4;

int BinOf(double amount, double bins_per_octave) {
  return static_cast<int>(std::floor(std::log2(amount) * bins_per_octave));
}

}  // namespace

void AmountCounts::Add(double amount) {
  Bin& bin = bins_[BinOf(amount, kAmountBinsPerOctave)];
  ++bin.count;
  bin.sum += amount;
  ++count_;
  sum_ += amount;
}

double AmountCounts::Quantile(double share) const {
  const double rank = std::ceil(share * static_cast<double>(count_));
  std::int64_t before = 0;
  for (const auto& [index, bin] : bins_) {
    before += bin.count;
    if (static_cast<double>(before) >= rank) return bin.sum / static_cast<double>(bin.count);
  }
  return 0;
}

void LengthCounts::Add(double input_tokens, double output_tokens) {
  Bin& bin = bins_[{BinOf(input_tokens, kLengthBinsPerOctave), BinOf(output_tokens, kLengthBinsPerOctave)}];
  ++bin.count;
  bin.input_tokens += input_tokens;
  bin.output_tokens += output_tokens;
  ++count_;
}

std::vector<LengthShare> LengthCounts::Shares() const {
  std::vector<LengthShare> shares;
  shares.reserve(bins_.size());
  for (const auto& [index, bin] : bins_) {
    const auto count = static_cast<double>(bin.count);
    shares.push_back({.input_tokens = bin.input_tokens / count,
                      .output_tokens = bin.output_tokens / count,
                      .weight = count / static_cast<double>(count_)});
  }
  return shares;
}

}  // namespace loadline::cli
