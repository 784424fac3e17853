#include "services/planner/planning/ranking.h"

#include <algorithm>
#include <cmath>

#include "services/planner/planning/plan.h"

namespace loadline::planning {
namespace {

constexpr double kLargestBill = 1e9;  // US dollars per month
constexpr double kUnknownConfidence = 0.5;

double CostScore(double usd_per_month, double budget) {
  const double used =
      std::isinf(budget) ? std::log1p(usd_per_month) / std::log1p(kLargestBill) : usd_per_month / budget;
  return std::clamp(1 - used, 0.0, 1.0);
}

}  // namespace

double Excellence(double latency_ms, double limit_ms, double excellent_ms) {
  return std::clamp((limit_ms - latency_ms) / (limit_ms - excellent_ms), 0.0, 1.0);
}

CriteriaScores ScoresOf(const Criteria& criteria, double budget_usd_per_month) {
  return {.cost = CostScore(criteria.usd_per_month, budget_usd_per_month),
          .latency = criteria.excellence,
          .quality = criteria.quality,
          .risk = criteria.slo_confidence.value_or(kUnknownConfidence)};
}

double Closeness(const CriteriaScores& scores, const RankingWeights& weights) {
  double to_ideal = 0;
  double to_worst = 0;
  const auto add = [&](double score, double weight) {
    to_ideal += weight * weight * (1 - score) * (1 - score);
    to_worst += weight * weight * score * score;
  };
  add(scores.cost, weights.cost);
  add(scores.latency, weights.latency);
  add(scores.risk, weights.risk);
  if (scores.quality) add(*scores.quality, weights.quality);
  const double ideal = std::sqrt(to_ideal);
  const double worst = std::sqrt(to_worst);
  // Nothing that counts is known: all are as good.
  return ideal + worst > 0 ? worst / (ideal + worst) : 0;
}

}  // namespace loadline::planning
