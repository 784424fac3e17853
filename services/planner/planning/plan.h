#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libs/domain/catalog.h"
#include "libs/domain/slo.h"
#include "services/planner/planning/lengths.h"
#include "services/planner/planning/load_curve.h"
#include "services/planner/planning/model_evidence.h"
#include "services/planner/planning/prediction.h"
#include "services/planner/planning/sizing.h"

namespace loadline::planning {

/// See planner_service.proto for what each value means.
enum class MatchPolicy { kExact, kClosest, kClosestRescaled, kAuto };
enum class Basis { kMeasured, kInterpolated, kPredicted, kClosest };
enum class MemoryFit { kFits, kTooSmall, kUnknown };
enum class RejectionReason { kSlo, kNotMeasured, kShape, kMemory, kGpuInventory, kNoPrice, kBudget };

/// Which configurations may be planned with; empty lists allow everything.
/// Text is canonical, each list sorted and without repeats.
struct CandidateFilter {
  std::vector<std::string> hardware;
  std::vector<std::string> frameworks;
  std::vector<std::string> precisions;
};

/// Which price counts: the lowest of those that fit. Case does not matter.
struct PriceSelection {
  std::string provider = {};
  std::string purchase_option = "on_demand";
};

/// How far the same run is from itself on another day, as the standard deviation
/// of the logarithm of its capacity: 5 %, an assumption.
inline constexpr double kRepeatability = 0.05;

/// How much each goal counts when options are ordered; not negative, adding up
/// to 1. The default is the lowest cost.
struct RankingWeights {
  double cost = 1;
  double latency = 0;
  double quality = 0;
  double risk = 0;

  friend bool operator==(const RankingWeights&, const RankingWeights&) = default;
};

/// See PlanRequest::confidence.
inline constexpr double kDefaultConfidence = 0.88;

/// A valid request, defaults filled in.
struct PlanRequest {
  /// The mean lengths; those of `lengths` where it is set.
  domain::TrafficShape shape;
  double rps = 0;
  domain::Slo slo;
  CandidateFilter candidates = {};
  /// GPUs at hand by canonical hardware name.
  std::map<std::string, int> max_gpus = {};
  double headroom = 1.2;
  MatchPolicy policy = MatchPolicy::kClosestRescaled;
  /// Of decisions that rest on a prediction, the share that must keep the SLO;
  /// in (0, 1).
  double confidence = kDefaultConfidence;
  /// The lengths of single requests; decides E2E limits where it is set.
  std::optional<LengthHistogram> lengths = {};
  Arrivals arrivals = {};
  RankingWeights weights = {};
  /// Latencies beyond which nothing is gained; limits that it does not name, or
  /// where it asks for no less than the SLO: half of the limit.
  std::optional<domain::Slo> excellent = {};
  /// At most this; infinite: no budget.
  double budget_usd_per_month = std::numeric_limits<double>::infinity();
  /// Seeds the draws of a ranking report, the only thing that is random.
  std::uint64_t seed = 0;
  PriceSelection price = {};
  int top_n = 5;
  /// How many rejections to list, starting after `rejections_after` of them.
  int rejection_count = 0;
  int rejections_after = 0;
};

struct Capacity {
  double rps = 0;
  CapacityKind kind = CapacityKind::kNone;
  Basis basis = Basis::kMeasured;
  /// Normal form of the limit, "saturation", or "".
  std::string binding_limit = {};
  /// Set for a capacity that was predicted.
  std::optional<CapacityCalibration> calibration = {};
};

struct LimitMargin {
  domain::Limit limit;
  double latency_ms = 0;
  double slack = 0;
  /// What `latency_ms` rests on; absent: what the option's latencies do.
  std::optional<Basis> basis = {};
};

struct Cost {
  double usd_per_hour = 0;
  double usd_per_month = 0;
  double usd_per_million_tokens = 0;
  double usd_per_million_output_tokens = 0;
  domain::HardwarePrice price;
};

struct Memory {
  MemoryFit fit = MemoryFit::kUnknown;
  std::optional<double> weights_gib;
  std::optional<double> memory_gib;
  std::optional<double> kv_tokens;
};

struct Evidence {
  std::vector<domain::BenchmarkId> benchmark_ids;
  domain::TrafficShape shape;
  double distance = 0;
  domain::Origin origin = domain::Origin::kMeasured;
};

struct PlanOption {
  domain::Configuration configuration;
  int replicas = 0;
  int gpus = 0;
  Capacity capacity;
  double rps_per_replica = 0;
  double utilisation = 0;
  domain::LatencySummary ttft, itl, e2e;
  Basis latency_basis = Basis::kMeasured;
  std::vector<LimitMargin> margins;
  double worst_slack = 0;
  /// See Criteria::excellence.
  double excellence = 0;
  /// Waiting that the limits leave in a burst; see SizingInput.
  double wait_budget_ms = -1;
  Cost cost;
  Memory memory;
  Evidence evidence;
  bool pareto_optimal = false;
  /// The probability that every limit holds at the planned load; absent where
  /// nothing is known of it (closest shape).
  std::optional<double> slo_confidence = {};
  /// Closeness to the ideal, 0 to 1; what options are ordered by.
  double score = 0;
};

struct Rejection {
  domain::Configuration configuration;
  RejectionReason reason = RejectionReason::kSlo;
  std::string message;
  std::string binding_limit;
  double miss_factor = 0;
  domain::TrafficShape evidence_shape;
};

struct RejectionCount {
  RejectionReason reason = RejectionReason::kSlo;
  int configurations = 0;
};

struct Plan {
  std::vector<PlanOption> options;
  std::vector<PlanOption> pareto_front;
  int candidates = 0;
  int feasible = 0;
  std::vector<RejectionCount> rejection_counts;
  std::vector<Rejection> nearest_misses;
  std::vector<Rejection> rejections;
  /// True when rejections follow after those listed.
  bool more_rejections = false;
};

/// What plans need to know beside benchmarks, by name. Immutable.
struct PlanningCatalog {
  std::map<std::string, domain::Model, std::less<>> models;
  std::map<std::string, domain::Hardware, std::less<>> hardware;
};

/// The plan for `request` from the evidence of some models, which are sorted by
/// name and without repeats. Pure: the same arguments give the same plan, and a
/// configuration never changes what is said of another one but
/// `pareto_optimal`.
Plan PlanCapacity(const std::vector<std::shared_ptr<const ModelEvidence>>& evidence, const PlanningCatalog& catalog,
                  const PlanRequest& request);

/// The limits of the SLO on what no benchmark of the allowed configurations has,
/// so that nothing could ever be said of them.
std::vector<domain::Limit> LimitsNeverMeasured(const std::vector<std::shared_ptr<const ModelEvidence>>& evidence,
                                               const PlanRequest& request);

/// True if the plan has an option; stops at the first that it finds.
bool AnyFeasible(const std::vector<std::shared_ptr<const ModelEvidence>>& evidence, const PlanningCatalog& catalog,
                 const PlanRequest& request);

}  // namespace loadline::planning
