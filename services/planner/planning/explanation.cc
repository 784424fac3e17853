#include "services/planner/planning/explanation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace loadline::planning {
namespace {

using EvidenceList = std::vector<std::shared_ptr<const ModelEvidence>>;

constexpr double kRelaxed = 1.1;
constexpr std::size_t kMostCaps = 8;
constexpr std::size_t kMostAlternatives = 5;
constexpr std::size_t kMostBenchmarks = 3;
constexpr int kMostSubsets = 250;
constexpr double kLongestMs = 24.0 * 3600 * 1000;

// Limits that were valid are valid in any number of 1 and more.
domain::Slo SloOf(const std::vector<domain::Limit>& limits) {
  std::string text;
  for (const domain::Limit& limit : limits) {
    text += fmt::format("{}{}:{}<{}ms", text.empty() ? "" : ";", Name(limit.metric), Name(limit.statistic),
                        std::min(limit.max_ms, kLongestMs));
  }
  return *domain::Slo::Parse(text);
}

// One constraint of a request, as it is and as it may be changed.
struct Handle {
  Constraint constraint;
  /// The request with the constraint `factor` times as wide.
  std::function<PlanRequest(const PlanRequest&, double factor)> relax;
  /// The request without it.
  std::function<PlanRequest(const PlanRequest&)> drop;
  /// The constraint at that width.
  std::function<Constraint(double factor)> at;
};

Constraint OnLimit(const domain::Limit& limit) { return {.kind = ConstraintKind::kSloLimit, .text = limit.ToString()}; }
Constraint OnGpus(const std::string& hardware, int gpus) {
  return {.kind = ConstraintKind::kGpuInventory, .text = fmt::format("max_gpus[{}]={}", hardware, gpus)};
}
Constraint OnBudget(double usd) {
  return {.kind = ConstraintKind::kBudget, .text = fmt::format("budget_usd_per_month={:.10g}", usd)};
}

PlanRequest WithLimit(PlanRequest request, const domain::Limit& limit, double factor) {
  auto limits = request.slo.limits();
  for (domain::Limit& each : limits) {
    if (each.metric == limit.metric && each.statistic == limit.statistic) each.max_ms = limit.max_ms * factor;
  }
  request.slo = SloOf(limits);
  return request;
}

// An SLO has at least one limit: without the last one, a day for the first
// token of half the requests.
PlanRequest WithoutLimit(PlanRequest request, const domain::Limit& limit) {
  auto limits = request.slo.limits();
  std::erase_if(limits, [&](const domain::Limit& each) {
    return each.metric == limit.metric && each.statistic == limit.statistic;
  });
  if (limits.empty())
    limits.push_back({.metric = limit.metric, .statistic = domain::Statistic::kMean, .max_ms = kLongestMs});
  request.slo = SloOf(limits);
  return request;
}

Handle LimitHandle(const domain::Limit& limit) {
  return {.constraint = OnLimit(limit),
          .relax = [=](const PlanRequest& request, double factor) { return WithLimit(request, limit, factor); },
          .drop = [=](const PlanRequest& request) { return WithoutLimit(request, limit); },
          .at =
              [=](double factor) {
                auto relaxed = limit;
                relaxed.max_ms = std::min(limit.max_ms * factor, kLongestMs);
                return OnLimit(relaxed);
              }};
}

int Widened(int gpus, double factor) {
  return static_cast<int>(std::min(1e9, std::max(gpus + 1.0, std::ceil(gpus * factor))));
}

Handle GpuHandle(const std::string& hardware, int gpus) {
  return {.constraint = OnGpus(hardware, gpus),
          .relax =
              [=](PlanRequest request, double factor) {
                request.max_gpus[hardware] = Widened(gpus, factor);
                return request;
              },
          .drop =
              [=](PlanRequest request) {
                request.max_gpus.erase(hardware);
                return request;
              },
          .at = [=](double factor) { return OnGpus(hardware, Widened(gpus, factor)); }};
}

Handle BudgetHandle(double budget) {
  return {.constraint = OnBudget(budget),
          .relax =
              [=](PlanRequest request, double factor) {
                request.budget_usd_per_month = budget * factor;
                return request;
              },
          .drop =
              [](PlanRequest request) {
                request.budget_usd_per_month = std::numeric_limits<double>::infinity();
                return request;
              },
          .at = [=](double factor) { return OnBudget(budget * factor); }};
}

std::vector<Handle> HandlesOf(const PlanRequest& request) {
  std::vector<Handle> handles;
  for (const domain::Limit& limit : request.slo.limits()) handles.push_back(LimitHandle(limit));
  for (const auto& [hardware, gpus] : request.max_gpus) {
    if (handles.size() < request.slo.limits().size() + kMostCaps) handles.push_back(GpuHandle(hardware, gpus));
  }
  if (std::isfinite(request.budget_usd_per_month)) handles.push_back(BudgetHandle(request.budget_usd_per_month));
  return handles;
}

// Plans the same question again and again.
class Planner {
 public:
  Planner(const EvidenceList& evidence, const PlanningCatalog& catalog) : evidence_(evidence), catalog_(catalog) {}

  /// The cheapest option, whatever else the request prefers.
  std::optional<PlanOption> Cheapest(PlanRequest request) const {
    request.weights = {};
    request.top_n = 1;
    request.rejection_count = 0;
    auto plan = PlanCapacity(evidence_, catalog_, request);
    if (plan.options.empty()) return std::nullopt;
    return std::move(plan.options.front());
  }

  bool Feasible(const PlanRequest& request) const { return Cheapest(request).has_value(); }

  std::vector<PlanOption> Best(PlanRequest request, int count) const {
    request.top_n = count;
    request.rejection_count = 0;
    return PlanCapacity(evidence_, catalog_, request).options;
  }

 private:
  const EvidenceList& evidence_;
  const PlanningCatalog& catalog_;
};

std::vector<ShadowPrice> ShadowPrices(const Planner& planner, const PlanRequest& request,
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

// The request with some of its constraints only.
PlanRequest Keep(const PlanRequest& request, const std::vector<Handle>& handles, const std::vector<std::size_t>& kept) {
  PlanRequest some = request;
  for (std::size_t i = 0; i < handles.size(); ++i) {
    if (std::find(kept.begin(), kept.end(), i) == kept.end()) some = handles[i].drop(some);
  }
  return some;
}

// The next subset of `size` of `count` things in lexicographic order; false
// after the last.
bool NextSubset(std::vector<std::size_t>& subset, std::size_t count) {
  for (std::size_t i = subset.size(); i-- > 0;) {
    if (subset[i] + (subset.size() - i) >= count) continue;
    ++subset[i];
    for (std::size_t j = i + 1; j < subset.size(); ++j) subset[j] = subset[j - 1] + 1;
    return true;
  }
  return false;
}

std::vector<std::size_t> FirstSubset(std::size_t size) {
  std::vector<std::size_t> subset(size);
  for (std::size_t i = 0; i < size; ++i) subset[i] = i;
  return subset;
}

// Drops what is not needed for the conflict, one at a time.
std::vector<std::size_t> Shrink(const Planner& planner, const PlanRequest& request,
                                const std::vector<Handle>& handles) {
  auto kept = FirstSubset(handles.size());
  for (std::size_t i = handles.size(); i-- > 0;) {
    auto fewer = kept;
    std::erase(fewer, i);
    if (!planner.Feasible(Keep(request, handles, fewer))) kept = fewer;
  }
  return kept;
}

std::vector<Constraint> Named(const std::vector<Handle>& handles, const std::vector<std::size_t>& kept) {
  std::vector<Constraint> constraints;
  for (const std::size_t i : kept) constraints.push_back(handles[i].constraint);
  return constraints;
}

std::vector<Constraint> SmallestConflict(const Planner& planner, const PlanRequest& request,
                                         const std::vector<Handle>& handles) {
  // Infeasible whatever is asked: what is left is the memory of the replicas.
  if (!planner.Feasible(Keep(request, handles, {}))) {
    return {{.kind = ConstraintKind::kMemory, .text = "memory, prices and evidence of the candidates"}};
  }
  int tried = 0;
  for (std::size_t size = 1; size < handles.size(); ++size) {
    auto subset = FirstSubset(size);
    do {
      if (++tried > kMostSubsets) return Named(handles, Shrink(planner, request, handles));
      if (!planner.Feasible(Keep(request, handles, subset))) return Named(handles, subset);
    } while (NextSubset(subset, handles.size()));
  }
  return Named(handles, FirstSubset(handles.size()));
}

// The smallest widening that makes the request feasible, within a hundredth;
// absent where a hundredfold does not.
using Widen = std::function<PlanRequest(double factor)>;
std::optional<double> SmallestWidening(const Planner& planner, const Widen& widen) {
  constexpr double kMost = 100;
  if (!planner.Feasible(widen(kMost))) return std::nullopt;
  double low = 1;
  double high = kMost;
  while (high / low > 1.01) {
    const double middle = std::sqrt(low * high);
    (planner.Feasible(widen(middle)) ? high : low) = middle;
  }
  return high;
}

void AddAlternative(const Planner& planner, const Widen& widen,
                    const std::function<std::vector<Constraint>(double)>& describe, std::vector<Alternative>& out) {
  const auto factor = SmallestWidening(planner, widen);
  if (!factor) return;
  const auto option = planner.Cheapest(widen(*factor));
  if (!option) return;
  out.push_back({.relaxed = describe(*factor),
                 .configuration = option->configuration,
                 .replicas = option->replicas,
                 .usd_per_month = option->cost.usd_per_month});
}

std::vector<Alternative> Alternatives(const Planner& planner, const PlanRequest& request,
                                      const std::vector<Handle>& handles) {
  std::vector<Alternative> alternatives;
  for (const Handle& handle : handles) {
    AddAlternative(
        planner, [&](double factor) { return handle.relax(request, factor); },
        [&](double factor) { return std::vector{handle.at(factor)}; }, alternatives);
  }
  const auto widen_all = [&](double factor) {
    PlanRequest wide = request;
    for (const Handle& handle : handles) wide = handle.relax(wide, factor);
    return wide;
  };
  const auto describe_all = [&](double factor) {
    std::vector<Constraint> all;
    for (const Handle& handle : handles) all.push_back(handle.at(factor));
    return all;
  };
  if (handles.size() > 1) AddAlternative(planner, widen_all, describe_all, alternatives);
  std::stable_sort(alternatives.begin(), alternatives.end(),
                   [](const Alternative& a, const Alternative& b) { return a.usd_per_month < b.usd_per_month; });
  if (alternatives.size() > kMostAlternatives) alternatives.resize(kMostAlternatives);
  return alternatives;
}

const char* WhatIsKnown(const PlanOption& option) {
  if (option.capacity.kind == CapacityKind::kPredicted) return "predicted";
  return option.capacity.basis == Basis::kClosest ? "taken from another shape" : "only known to be at least";
}

// What measuring an option may save: as long as its capacity is not known it
// is planned with carefully, and it may well be more.
NextBenchmark WorthOf(const PlanOption& option, const PlanRequest& request, double best_usd_per_month) {
  constexpr int kDraws = 400;
  double saved = 0;
  auto capacities = DrawCapacities(option, request.confidence, kDraws, request.seed);
  for (const double capacity : capacities) {
    saved += std::max(0.0, best_usd_per_month - MonthlyCost(option, request, capacity)) / kDraws;
  }
  std::sort(capacities.begin(), capacities.end());
  const auto share = [&](double part) { return capacities[static_cast<std::size_t>(part * (kDraws - 1))]; };
  return {
      .configuration = option.configuration,
      .shape = request.shape,
      .rps = share(0.5),
      .expected_saving_usd_per_month = saved,
      .reason = fmt::format("Its capacity is {} {:.3g} requests/s, and probably {:.3g} to {:.3g}: measured, it could "
                            "be planned with as it is.",
                            WhatIsKnown(option), option.capacity.rps, share(0.1), share(0.9))};
}

bool IsMeasured(const PlanOption& option) {
  return option.capacity.kind == CapacityKind::kExact && option.capacity.basis != Basis::kClosest;
}

std::vector<NextBenchmark> NextBenchmarks(const Planner& planner, const PlanRequest& request) {
  constexpr int kCandidates = 20;
  const auto cheapest = planner.Cheapest(request);
  std::vector<NextBenchmark> benchmarks;
  for (const PlanOption& option : planner.Best(request, kCandidates)) {
    if (IsMeasured(option)) continue;
    auto worth = WorthOf(option, request, cheapest->cost.usd_per_month);
    if (worth.expected_saving_usd_per_month > 0) benchmarks.push_back(std::move(worth));
  }
  std::stable_sort(benchmarks.begin(), benchmarks.end(), [](const NextBenchmark& a, const NextBenchmark& b) {
    return a.expected_saving_usd_per_month > b.expected_saving_usd_per_month;
  });
  if (benchmarks.size() > kMostBenchmarks) benchmarks.resize(kMostBenchmarks);
  return benchmarks;
}

}  // namespace

Explanation Explain(const EvidenceList& evidence, const PlanningCatalog& catalog, const PlanRequest& request,
                    const Plan& plan) {
  const Planner planner(evidence, catalog);
  const auto handles = HandlesOf(request);
  Explanation explanation;
  if (plan.options.empty()) {
    explanation.conflict = SmallestConflict(planner, request, handles);
    explanation.alternatives = Alternatives(planner, request, handles);
    return explanation;
  }
  const std::string& binding = plan.options.front().capacity.binding_limit;
  if (!binding.empty() && binding != "saturation")
    explanation.binding = Constraint{.kind = ConstraintKind::kSloLimit, .text = binding};
  explanation.shadow_prices = ShadowPrices(planner, request, handles);
  explanation.next_benchmarks = NextBenchmarks(planner, request);
  explanation.ranking = ReportRanking(plan.options, request);
  return explanation;
}

}  // namespace loadline::planning
