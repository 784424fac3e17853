#include "services/planner/planning/lengths.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace loadline::planning {
namespace {

using domain::Reading;
using domain::Statistic;

bool InRange(double tokens) { return tokens > 0 && tokens <= domain::TrafficShape::kMaxTokens; }

void CheckBin(const LengthBin& bin, const std::string& field, std::vector<base::FieldViolation>& violations) {
  const auto check = [&](bool good, const char* part, double value, const char* allowed) {
    if (!good) violations.push_back({field + part, fmt::format("is {}; it must be {}.", value, allowed)});
  };
  check(InRange(bin.input_tokens), ".input_tokens", bin.input_tokens, "greater than 0 and at most 10,000,000");
  check(InRange(bin.output_tokens), ".output_tokens", bin.output_tokens, "greater than 0 and at most 10,000,000");
  check(bin.weight >= 0 && bin.weight <= 1, ".weight", bin.weight, "0 to 1");
}

// The distribution of TTFT as far as its percentiles tell: straight lines
// between them, from 0 at no time, and beyond the last one as steep as before.
class Distribution {
 public:
  explicit Distribution(const domain::LatencySummary& ttft) {
    constexpr std::array kShares = {std::pair(Statistic::kP50, 0.5), std::pair(Statistic::kP90, 0.9),
                                    std::pair(Statistic::kP95, 0.95), std::pair(Statistic::kP99, 0.99)};
    for (const auto& [statistic, share] : kShares) {
      if (const Reading at = ttft[statistic]) Add(*at, share);
    }
    if (count_ == 1) {
      if (const Reading mean = ttft[Statistic::kMean]) Add(*mean, 1);
      return;
    }
    const Point& before = points_[count_ - 2];
    const Point last = points_[count_ - 1];
    Add(last.ms + (1 - last.share) * (last.ms - before.ms) / (last.share - before.share), 1);
  }

  bool empty() const { return count_ == 1; }
  double longest() const { return points_[count_ - 1].ms; }

  /// P(TTFT <= ms).
  double At(double ms) const {
    if (ms <= 0) return 0;
    for (std::size_t i = 1; i < count_; ++i) {
      const Point& right = points_[i];
      if (ms >= right.ms) continue;
      const Point& left = points_[i - 1];
      return left.share + (right.share - left.share) * (ms - left.ms) / (right.ms - left.ms);
    }
    return 1;
  }

 private:
  struct Point {
    double ms = 0;
    double share = 0;
  };

  void Add(double ms, double share) { points_[count_++] = {std::max(ms, points_[count_ - 1].ms), share}; }

  std::array<Point, 6> points_ = {};  // the first is the origin
  std::size_t count_ = 1;
};

double ShareOf(Statistic statistic) {
  switch (statistic) {
    case Statistic::kP90: return 0.9;
    case Statistic::kP95: return 0.95;
    case Statistic::kP99: return 0.99;
    case Statistic::kMean:
    case Statistic::kP50: break;
  }
  return 0.5;
}

}  // namespace

base::Result<LengthHistogram> LengthHistogram::Make(std::vector<LengthBin> bins, std::string_view field) {
  const std::string name(field);
  std::vector<base::FieldViolation> violations;
  if (bins.empty() || bins.size() > kMaxBins) {
    violations.push_back({name + ".bins", fmt::format("has {} bins; it must have 1 to {}.", bins.size(), kMaxBins)});
    return tl::unexpected(base::InvalidArgument(std::move(violations)));
  }
  double sum = 0;
  domain::TrafficShape mean;
  for (std::size_t i = 0; i < bins.size(); ++i) {
    CheckBin(bins[i], fmt::format("{}.bins[{}]", name, i), violations);
    sum += bins[i].weight;
    mean.input_tokens += bins[i].weight * bins[i].input_tokens;
    mean.output_tokens += bins[i].weight * bins[i].output_tokens;
  }
  if (violations.empty() && !(std::abs(sum - 1) <= kWeightTolerance)) {
    violations.push_back({name + ".bins", fmt::format("have weights that add up to {}; they must add up to 1.", sum)});
  }
  if (!violations.empty()) return tl::unexpected(base::InvalidArgument(std::move(violations)));
  return LengthHistogram(std::move(bins), {mean.input_tokens / sum, mean.output_tokens / sum});
}

LengthHistogram::LengthHistogram(std::vector<LengthBin> bins, domain::TrafficShape mean)
    : bins_(std::move(bins)), mean_(mean) {
  for (const LengthBin& bin : bins_) outputs_.push_back({bin.output_tokens, bin.weight});
  std::sort(outputs_.begin(), outputs_.end(), [](const Output& a, const Output& b) { return a.tokens < b.tokens; });
  std::size_t last = 0;
  for (std::size_t i = 1; i < outputs_.size(); ++i) {
    if (outputs_[i].tokens == outputs_[last].tokens) {
      outputs_[last].weight += outputs_[i].weight;
    } else {
      outputs_[++last] = outputs_[i];
    }
  }
  outputs_.resize(last + 1);
}

Reading E2eFromLengths(const domain::LatencySummary& ttft, double itl_mean_ms, const LengthHistogram& lengths,
                       Statistic statistic) {
  const auto decoding = [&](double output_tokens) { return itl_mean_ms * std::max(0.0, output_tokens - 1); };
  if (statistic == Statistic::kMean) {
    const Reading first = ttft[Statistic::kMean] ? ttft[Statistic::kMean] : ttft[Statistic::kP50];
    return first ? Reading(*first + decoding(lengths.mean().output_tokens)) : Reading();
  }
  const Distribution first(ttft);
  if (first.empty()) return {};
  const double share = ShareOf(statistic);
  double low = 0;
  double high = decoding(lengths.outputs().back().tokens) + first.longest();
  constexpr int kHalvings = 40;
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = (low + high) / 2;
    double within = 0;
    for (const auto& output : lengths.outputs()) within += output.weight * first.At(middle - decoding(output.tokens));
    (within >= share ? high : low) = middle;
  }
  return high;
}

}  // namespace loadline::planning
