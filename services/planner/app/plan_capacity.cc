#include "services/planner/app/plan_capacity.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "libs/rpc/log.h"
#include "services/planner/app/checks.h"
#include "services/planner/app/names.h"
#include "services/planner/app/plan_request.h"

namespace loadline::planner {
namespace {

base::Result<std::shared_ptr<const ModelList>> EvidenceFor(EvidenceCache& cache, const Snapshot& snapshot,
                                                           const PlanQuery& query, const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(const auto models, ResolveModels(*snapshot.view, query.models));
  return cache.Models(snapshot, models, scope);
}

// A percentile that nobody measured is a mistake in the SLO, not a plan without
// options.
base::Status CheckMeasured(const ModelList& evidence, const planning::PlanRequest& request,
                           const planning::Plan& plan) {
  if (!plan.options.empty() || plan.candidates == 0) return {};
  Violations violations;
  for (const auto& limit : planning::LimitsNeverMeasured(evidence, request)) {
    const auto what = fmt::format("{}:{}", Name(limit.metric), Name(limit.statistic));
    violations.push_back({"slo", fmt::format("limits {0}, which no benchmark of the {1} candidates has; limit another "
                                             "statistic of it, or import reports that have {0}",
                                             what, plan.candidates)});
  }
  if (violations.empty()) return {};
  return base::Fail(base::InvalidArgument(std::move(violations)));
}

double LargestDistance(const planning::Plan& plan) {
  double largest = 0;
  for (const auto& option : plan.options) largest = std::max(largest, option.evidence.distance);
  return largest;
}

// Like every call that went well, at debug level: at info it would cost a tenth
// of the call.
void LogPlan(const PlanAnswer& answer) {
  if (!rpc::LogEnabled(rpc::LogLevel::kDebug)) return;
  const auto& [request, plan, freshness, snapshot_id] = answer;
  rpc::LogFields fields = {
      {"revision", std::to_string(freshness.revision)}, {"shape", request.shape.ToString()},
      {"rps", fmt::format("{:.6g}", request.rps)},      {"slo", request.slo.ToString()},
      {"candidates", std::to_string(plan.candidates)},  {"feasible", std::to_string(plan.feasible)}};
  if (!plan.options.empty()) {
    const auto& best = plan.options.front();
    fields.emplace_back("best", fmt::format("{} replicas of {}", best.replicas, best.configuration.ToString()));
    fields.emplace_back("usd_per_hour", fmt::format("{:.6g}", best.cost.usd_per_hour));
    fields.emplace_back("largest_distance", fmt::format("{:.6g}", LargestDistance(plan)));
  }
  rpc::Log(rpc::LogLevel::kDebug, "plan", fields);
}

}  // namespace

base::Result<PlanOnData> PlanOnEvidence(EvidenceCache& cache, const PlanQuery& query, const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(const auto snapshot, cache.Current());
  std::optional<base::Result<std::shared_ptr<const ModelList>>> read;
  const auto evidence = [&]() -> const auto& {
    if (!read) read = EvidenceFor(cache, snapshot, query, scope);
    return *read;
  };
  LOADLINE_ASSIGN_OR_RETURN(auto request, MakePlanRequest(query, snapshot, evidence));
  auto plan = planning::PlanCapacity(**evidence(), snapshot.view->catalog->planning, request);
  LOADLINE_RETURN_IF_ERROR(CheckMeasured(**evidence(), request, plan));
  PlanAnswer answer{.request = std::move(request),
                    .plan = std::move(plan),
                    .freshness = snapshot.freshness,
                    .snapshot_id = snapshot.view->snapshot_id};
  LogPlan(answer);
  return PlanOnData{.answer = std::move(answer), .evidence = *evidence(), .catalog = snapshot.view->catalog};
}

base::Result<PlanAnswer> PlanCapacity(EvidenceCache& cache, const PlanQuery& query, const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(auto made, PlanOnEvidence(cache, query, scope));
  return std::move(made.answer);
}

}  // namespace loadline::planner
