#include "services/planner/planning/next_benchmarks.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "services/planner/planning/ranking_report.h"

namespace loadline::planning {
namespace {

constexpr std::size_t kMostBenchmarks = 3;

const char* WhatIsKnown(const PlanOption& option) {
  if (option.capacity.kind == CapacityKind::kPredicted) return "predicted to be";
  return option.capacity.basis == Basis::kClosest ? "taken from another shape to be" : "only known to be at least";
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

}  // namespace

std::vector<NextBenchmark> NextBenchmarks(const Replanner& planner, const PlanRequest& request) {
  constexpr int kCandidates = 20;
  const auto cheapest = planner.Cheapest(request);
  std::vector<NextBenchmark> benchmarks;
  if (!cheapest) return benchmarks;
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

}  // namespace loadline::planning
