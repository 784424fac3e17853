#include "services/planner/planning/ranking_report.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace loadline::planning {
namespace {

constexpr int kDraws = 1000;
constexpr double kHoursPerMonth = 730;
// Standard deviation of the logarithm of a capacity of which only another shape
// or a lower bound tells: within a factor of two, 19 times of 20. An assumption.
const double kFactorOfTwo = std::log(2.0) / 1.96;

// Standard normal numbers by Box and Muller: the library's distribution may
// differ from one implementation to the next.
class Normal {
 public:
  explicit Normal(std::uint64_t seed) : random_(seed) {}

  double operator()() {
    constexpr double kTwoPi = 6.283185307179586;
    const double radius = std::sqrt(-2 * std::log(1 - Uniform()));
    return radius * std::cos(kTwoPi * Uniform());
  }

 private:
  double Uniform() { return static_cast<double>(random_() >> 11U) * 0x1p-53; }  // [0, 1)

  std::mt19937_64 random_;
};

// The normal quantile, by halving.
double Sigmas(double confidence) {
  double low = -10;
  double high = 10;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (std::erfc(-middle / std::sqrt(2)) / 2 < confidence ? low : high) = middle;
  }
  return high;
}

// ln of a capacity: its median and its standard deviation.
struct Spread {
  double median = 0;
  double sigma = 0;
  bool above_only = false;
};

Spread SpreadOf(const PlanOption& option, double confidence) {
  const Capacity& capacity = option.capacity;
  if (capacity.calibration) {
    const auto& known = *capacity.calibration;
    const double sigmas = std::max(0.1, Sigmas(confidence));
    return {.median = std::log(known.point_rps * known.correction),
            .sigma = std::log(known.capacity_rps.upper / known.capacity_rps.lower) / (2 * sigmas)};
  }
  if (capacity.basis == Basis::kClosest) return {.median = std::log(capacity.rps), .sigma = kFactorOfTwo};
  if (capacity.kind == CapacityKind::kLowerBound) {
    return {.median = std::log(capacity.rps), .sigma = kFactorOfTwo, .above_only = true};
  }
  return {.median = std::log(capacity.rps), .sigma = kRepeatability};
}

bool Dominates(const CriteriaScores& a, const CriteriaScores& b) {
  const double quality_a = a.quality.value_or(0);
  const double quality_b = b.quality.value_or(0);
  const bool no_worse = a.cost >= b.cost && a.latency >= b.latency && a.risk >= b.risk && quality_a >= quality_b;
  return no_worse && (a.cost > b.cost || a.latency > b.latency || a.risk > b.risk || quality_a > quality_b);
}

std::vector<int> DominatedBy(const std::vector<RankedOption>& options, const CriteriaScores& scores) {
  std::vector<int> dominating;
  for (std::size_t i = 0; i < options.size(); ++i) {
    if (Dominates(options[i].scores, scores)) dominating.push_back(static_cast<int>(i));
  }
  return dominating;
}

// The option that scores highest in each draw, counted; the earlier one of
// equals.
void CountFirsts(const std::vector<PlanOption>& options, const PlanRequest& request, RankingReport& report) {
  std::vector<std::vector<double>> capacities;
  for (std::size_t i = 0; i < options.size(); ++i) {
    capacities.push_back(DrawCapacities(options[i], request.confidence, kDraws, request.seed + i));
  }
  for (int draw = 0; draw < kDraws; ++draw) {
    std::size_t first = 0;
    double best = -1;
    for (std::size_t i = 0; i < options.size(); ++i) {
      Criteria criteria = CriteriaOf(options[i]);
      criteria.usd_per_month = MonthlyCost(options[i], request, capacities[i][static_cast<std::size_t>(draw)]);
      const double score = Closeness(ScoresOf(criteria, request.budget_usd_per_month), request.weights);
      if (score <= best) continue;
      best = score;
      first = i;
    }
    report.options[first].probability_first += 1.0 / kDraws;
  }
}

}  // namespace

Criteria CriteriaOf(const PlanOption& option) {
  return {.usd_per_month = option.cost.usd_per_month,
          .excellence = option.excellence,
          .quality = {},
          .slo_confidence = option.slo_confidence};
}

std::vector<double> DrawCapacities(const PlanOption& option, double confidence, int draws, std::uint64_t seed) {
  const Spread spread = SpreadOf(option, confidence);
  Normal normal(seed);
  std::vector<double> capacities;
  capacities.reserve(static_cast<std::size_t>(draws));
  for (int i = 0; i < draws; ++i) {
    const double z = normal();
    capacities.push_back(std::exp(spread.median + spread.sigma * (spread.above_only ? std::abs(z) : z)));
  }
  return capacities;
}

double MonthlyCost(const PlanOption& option, const PlanRequest& request, double capacity_rps) {
  const Sizing sizing = SizeReplicas({.rps = request.rps,
                                      .capacity_rps = capacity_rps,
                                      .headroom = request.headroom,
                                      .wait_budget_ms = option.wait_budget_ms,
                                      .confidence = request.confidence,
                                      .arrivals = request.arrivals});
  return sizing.replicas * option.configuration.hardware_count * option.cost.price.usd_per_gpu_hour * kHoursPerMonth;
}

RankingReport ReportRanking(const std::vector<PlanOption>& options, const PlanRequest& request) {
  RankingReport report{.options = {}, .draws = options.empty() ? 0 : kDraws, .seed = request.seed};
  for (const PlanOption& option : options) {
    const auto scores = ScoresOf(CriteriaOf(option), request.budget_usd_per_month);
    report.options.push_back(
        {.score = Closeness(scores, request.weights), .scores = scores, .dominated_by = {}, .probability_first = 0});
  }
  for (RankedOption& option : report.options) option.dominated_by = DominatedBy(report.options, option.scores);
  if (!options.empty()) CountFirsts(options, request, report);
  return report;
}

}  // namespace loadline::planning
