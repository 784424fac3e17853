#pragma once

#include <string_view>
#include <vector>

#include "libs/base/result.h"
#include "libs/domain/latency.h"
#include "libs/domain/traffic_shape.h"

namespace loadline::planning {

/// A share of the requests that have about these lengths, in tokens.
struct LengthBin {
  double input_tokens = 0;
  double output_tokens = 0;
  /// Its share of all requests; 0 to 1.
  double weight = 0;

  friend bool operator==(const LengthBin&, const LengthBin&) = default;
};

/// A joint distribution of input and output lengths. A value of this type is
/// always valid: at least one bin, lengths in range, weights that add up to 1.
class LengthHistogram {
 public:
  static constexpr std::size_t kMaxBins = 10'000;
  static constexpr double kWeightTolerance = 1e-6;

  /// Fails with a violation for each bin with a number that is out of range or
  /// not finite, and for weights that do not add up to 1 within
  /// `kWeightTolerance`; fields are `<field>.bins[i].weight` and so on.
  static base::Result<LengthHistogram> Make(std::vector<LengthBin> bins, std::string_view field = "length_histogram");

  const std::vector<LengthBin>& bins() const { return bins_; }
  /// The mean lengths.
  const domain::TrafficShape& mean() const { return mean_; }

  /// The share of the requests with some number of output tokens.
  struct Output {
    double tokens = 0;
    double weight = 0;

    friend bool operator==(const Output&, const Output&) = default;
  };
  /// By tokens, one each.
  const std::vector<Output>& outputs() const { return outputs_; }

  friend bool operator==(const LengthHistogram&, const LengthHistogram&) = default;

 private:
  LengthHistogram(std::vector<LengthBin> bins, domain::TrafficShape mean);

  std::vector<LengthBin> bins_;
  domain::TrafficShape mean_;
  std::vector<Output> outputs_;
};

/// The end-to-end latency in ms of requests with these lengths, where TTFT is
/// distributed as `ttft` and each further token takes `itl_mean_ms`:
/// P(E2E <= t) = sum of w_ij * F_TTFT(t - ITL * (o_j - 1)). Absent if `ttft`
/// has no mean or percentile to take a distribution from. Never falls as `ttft`
/// or `itl_mean_ms` rises.
domain::Reading E2eFromLengths(const domain::LatencySummary& ttft, double itl_mean_ms, const LengthHistogram& lengths,
                               domain::Statistic statistic);

}  // namespace loadline::planning
