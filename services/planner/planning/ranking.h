#pragma once

#include <optional>

namespace loadline::planning {

struct RankingWeights;

/// What an option is judged by.
struct Criteria {
  double usd_per_month = 0;
  /// How far every latency is from its limit (0) to what is excellent (1): the
  /// least of all.
  double excellence = 0;
  /// 0 to 1; absent: not known.
  std::optional<double> quality = {};
  /// The probability that every limit holds; absent: not known.
  std::optional<double> slo_confidence = {};
};

/// Each criterion on a scale of its own from 0 (worst) to 1 (best), whose ends
/// depend on the request only: cost from the budget (or $1,000,000,000 a month)
/// to nothing, linear with a budget and logarithmic without one; latency from
/// its limit to what is excellent; confidence as it is, and where it is not
/// known one half.
struct CriteriaScores {
  double cost = 0;
  double latency = 0;
  std::optional<double> quality = {};
  double risk = 0;
};

/// How far a latency is from its limit, 0, to what is excellent, 1; less than 0
/// and more than 1 are cut off. `excellent_ms` is less than `limit_ms`.
double Excellence(double latency_ms, double limit_ms, double excellent_ms);

/// `budget_usd_per_month` may be infinite: none.
CriteriaScores ScoresOf(const Criteria& criteria, double budget_usd_per_month);

/// Closeness to the ideal by TOPSIS (Hwang and Yoon, Multiple Attribute Decision
/// Making, 1981) with the ends of the scales as ideal and anti-ideal: 0 to 1.
/// As both are fixed, an option's closeness never depends on other options, so
/// adding or removing one never reorders the rest. The weight of a quality that
/// is not known goes to the other criteria.
double Closeness(const CriteriaScores& scores, const RankingWeights& weights);

}  // namespace loadline::planning
