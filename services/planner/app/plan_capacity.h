#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "services/planner/app/match_benchmark.h"
#include "services/planner/evidence/evidence_cache.h"
#include "services/planner/planning/plan.h"

namespace loadline::planner {

/// Where a further page of rejections starts.
struct RejectionPage {
  domain::Revision revision = 0;
  std::string snapshot_id = {};
  int after = 0;
};

/// What PlanCapacity was asked. Nothing is checked yet, beside what could not
/// be decoded, which `violations` holds. Fields are those of
/// PlanCapacityRequest.
struct PlanQuery {
  std::optional<AskedShape> shape = {};
  double rps = 0;
  std::string slo = {};
  std::string use_case = {};
  std::vector<std::string> models = {};
  std::vector<std::string> hardware = {};
  std::vector<std::string> frameworks = {};
  std::vector<std::string> precisions = {};
  std::map<std::string, int> max_gpus = {};
  std::optional<double> headroom = {};
  planning::MatchPolicy policy = planning::MatchPolicy::kAuto;
  std::string provider = {};
  std::string purchase_option = {};
  int top_n = 0;
  int rejection_page_size = 0;
  std::optional<RejectionPage> rejection_page = {};
  std::optional<double> confidence = {};
  /// Where it is set, instead of `shape`.
  std::optional<std::vector<planning::LengthBin>> length_bins = {};
  planning::Arrivals arrivals = {};
  std::optional<planning::RankingWeights> weights = {};
  std::optional<double> budget_usd_per_month = {};
  std::uint64_t seed = 0;
  std::vector<base::FieldViolation> violations = {};
};

struct PlanAnswer {
  /// The request as it was understood.
  planning::PlanRequest request;
  planning::Plan plan;
  Freshness freshness;
  /// The data that `freshness.revision` counts the changes of.
  std::string snapshot_id = {};
};

/// A plan with what it was made from.
struct PlanOnData {
  PlanAnswer answer;
  std::shared_ptr<const ModelList> evidence;
  std::shared_ptr<const Catalog> catalog;
};

/// As PlanCapacity, for who goes on from there.
base::Result<PlanOnData> PlanOnEvidence(EvidenceCache& cache, const PlanQuery& query, const CallScope& scope);

/// Finds the cheapest ways to serve some traffic; errors as in
/// planner_service.proto. Logs a summary (event `plan`).
base::Result<PlanAnswer> PlanCapacity(EvidenceCache& cache, const PlanQuery& query, const CallScope& scope);

}  // namespace loadline::planner
