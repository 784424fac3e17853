#include "services/planner/planning/explanation.h"

#include <algorithm>
#include <utility>

namespace loadline::planning {
namespace {

constexpr double kRelaxed = 1.1;

std::vector<ShadowPrice> ShadowPrices(const Replanner& planner, const PlanRequest& request,
                                      const std::vector<Handle>& handles) {
  const auto now = planner.Cheapest(request);
  std::vector<ShadowPrice> prices;
  for (const Handle& handle : handles) {
    if (handle.constraint.kind == ConstraintKind::kBudget) continue;  // more money makes nothing cheaper
    const auto then = planner.Cheapest(handle.relax(request, kRelaxed));
    if (!now || !then) continue;
    const double saved = now->cost.usd_per_month - then->cost.usd_per_month;
    prices.push_back({.constraint = handle.constraint,
                      .relaxed = handle.at(kRelaxed),
                      .usd_per_month = then->cost.usd_per_month,
                      .saved_usd_per_month = std::max(0.0, saved)});
  }
  return prices;
}

std::optional<Constraint> BindingOf(const PlanOption& option) {
  const std::string& binding = option.capacity.binding_limit;
  if (binding.empty() || binding == "saturation") return std::nullopt;
  return Constraint{.kind = ConstraintKind::kSloLimit, .text = binding};
}

}  // namespace

std::optional<Explanation> Explain(const Replanner::EvidenceList& evidence, const PlanningCatalog& catalog,
                                   const PlanRequest& request, const Plan& plan, const Stop& stop) {
  const Replanner planner(evidence, catalog, stop);
  const auto handles = HandlesOf(request);
  Explanation explanation;
  if (plan.options.empty()) {
    explanation.conflict = SmallestConflict(planner, request, handles);
    explanation.alternatives = Alternatives(planner, request, handles);
  } else {
    explanation.binding = BindingOf(plan.options.front());
    explanation.shadow_prices = ShadowPrices(planner, request, handles);
    explanation.next_benchmarks = NextBenchmarks(planner, request);
    explanation.ranking = ReportRanking(plan.options, request);
  }
  if (planner.stopped()) return std::nullopt;
  return explanation;
}

}  // namespace loadline::planning
