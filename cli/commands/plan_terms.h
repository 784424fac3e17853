#pragma once

#include <CLI/CLI.hpp>
#include <optional>

#include "cli/api.h"
#include "cli/commands/failure.h"

/// The arguments of a plan that say how sure, how bursty and how dear it may
/// be, and what counts.
namespace loadline::cli {

struct TermArguments {
  std::optional<double> confidence = {};
  std::optional<double> inter_arrival_cv = {};
  std::optional<double> routing_imbalance = {};
  std::optional<int> spare_replicas = {};
  std::optional<double> budget_usd_per_month = {};
  std::optional<planner_api::RankingWeights> weights = {};
};

void AddTerms(CLI::App& command, TermArguments* terms);

/// Sets what was given, and nothing else.
void SetTerms(const TermArguments& terms, planner_api::PlanCapacityRequest* request);

/// The arguments, by the fields of a request that they set.
const ArgumentNames& TermNames();

}  // namespace loadline::cli
