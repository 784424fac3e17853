#pragma once

#include <cstdint>
#include <vector>

#include "services/planner/planning/plan.h"
#include "services/planner/planning/ranking.h"

namespace loadline::planning {

/// How an option was ranked.
struct RankedOption {
  double score = 0;
  CriteriaScores scores;
  /// Positions of the options that are at least as good in every criterion and
  /// better in one.
  std::vector<int> dominated_by;
  /// The share of draws in which it comes first.
  double probability_first = 0;
};

/// How sure the order of a plan's options is.
struct RankingReport {
  /// In the order of the plan's options.
  std::vector<RankedOption> options;
  int draws = 0;
  std::uint64_t seed = 0;
};

/// The criteria of an option.
Criteria CriteriaOf(const PlanOption& option);

/// Ranks the options again for capacities drawn from what is known of each.
/// The same arguments give the same report, on any machine.
RankingReport ReportRanking(const std::vector<PlanOption>& options, const PlanRequest& request);

/// The capacities that one replica of an option may really have, requests/s:
/// log-normal around what was predicted, with the spread of its interval;
/// around what was measured, as far as runs differ from each other; above a
/// lower bound; and far around what the closest shape says.
std::vector<double> DrawCapacities(const PlanOption& option, double confidence, int draws, std::uint64_t seed);

/// What an option would cost a month if one replica's capacity were
/// `capacity_rps`.
double MonthlyCost(const PlanOption& option, const PlanRequest& request, double capacity_rps);

}  // namespace loadline::planning
