#include "services/planner/planning/infeasibility.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

namespace loadline::planning {
namespace {

constexpr std::size_t kMostAlternatives = 5;
constexpr int kMostSubsets = 100;

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
std::vector<std::size_t> Shrink(const Replanner& planner, const PlanRequest& request,
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

// The smallest widening that makes the request feasible, within a hundredth;
// absent where a hundredfold does not.
using Widen = std::function<PlanRequest(double factor)>;
std::optional<double> SmallestWidening(const Replanner& planner, const Widen& widen) {
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

void AddAlternative(const Replanner& planner, const Widen& widen,
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

}  // namespace

std::vector<Constraint> SmallestConflict(const Replanner& planner, const PlanRequest& request,
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

std::vector<Alternative> Alternatives(const Replanner& planner, const PlanRequest& request,
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

}  // namespace loadline::planning
