#include "services/planner/app/plan_terms.h"

#include <limits>

namespace loadline::planner {
namespace {

constexpr double kMaxCv = 100;
constexpr double kMaxImbalance = 4;
constexpr int kMaxSpares = 1000;
constexpr double kMaxWeight = 1'000'000;
constexpr double kMaxBudget = 1e15;

double Sum(const planning::RankingWeights& weights) {
  return weights.cost + weights.latency + weights.quality + weights.risk;
}

planning::RankingWeights InProportion(const planning::RankingWeights& weights) {
  const double sum = Sum(weights);
  return {.cost = weights.cost / sum,
          .latency = weights.latency / sum,
          .quality = weights.quality / sum,
          .risk = weights.risk / sum};
}

planning::RankingWeights DefaultWeights(const domain::UseCase* use_case) {
  if (use_case == nullptr) return {};
  const auto& weights = use_case->weights;
  const planning::RankingWeights usual{.cost = weights.cost, .latency = weights.latency, .quality = weights.quality};
  return Sum(usual) > 0 ? InProportion(usual) : planning::RankingWeights{};
}

}  // namespace

double CheckConfidence(std::optional<double> asked, double fallback, Violations* violations) {
  const double confidence = asked.value_or(fallback);
  if (!(confidence > 0 && confidence < 1)) {
    violations->push_back({"confidence", fmt::format("must be greater than 0 and less than 1; found {}", confidence)});
  }
  return confidence;
}

planning::Arrivals CheckArrivals(const planning::Arrivals& asked, Violations* violations) {
  CheckRange("arrivals.inter_arrival_cv", asked.inter_arrival_cv, 0, kMaxCv, violations);
  CheckRange("arrivals.routing_imbalance", asked.routing_imbalance, 1, kMaxImbalance, violations);
  CheckRange("arrivals.spare_replicas", asked.spare_replicas, 0, kMaxSpares, violations);
  return asked;
}

planning::RankingWeights CheckWeights(const std::optional<planning::RankingWeights>& asked,
                                      const domain::UseCase* use_case, Violations* violations) {
  if (!asked) return DefaultWeights(use_case);
  const auto before = violations->size();
  CheckRange("weights.cost", asked->cost, 0, kMaxWeight, violations);
  CheckRange("weights.latency", asked->latency, 0, kMaxWeight, violations);
  CheckRange("weights.quality", asked->quality, 0, kMaxWeight, violations);
  CheckRange("weights.risk", asked->risk, 0, kMaxWeight, violations);
  if (violations->size() != before) return {};
  if (Sum(*asked) > 0) return InProportion(*asked);
  violations->push_back({"weights", "are all 0; give at least one that is greater"});
  return {};
}

double CheckBudget(std::optional<double> asked, Violations* violations) {
  if (!asked) return std::numeric_limits<double>::infinity();
  CheckPositive("budget_usd_per_month", *asked, kMaxBudget, violations);
  return *asked;
}

}  // namespace loadline::planner
