#include "services/planner/planning/candidate.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "services/planner/planning/capacity.h"
#include "services/planner/planning/match.h"
#include "services/planner/planning/memory_fit.h"
#include "services/planner/planning/ranking.h"

namespace loadline::planning {
namespace {

constexpr double kHoursPerMonth = 730;

double ExcellentMs(const PlanRequest& request, const domain::Limit& limit) {
  constexpr double kUsualShare = 0.5;  // of a limit
  if (request.excellent) {
    for (const domain::Limit& best : request.excellent->limits()) {
      const bool same = best.metric == limit.metric && best.statistic == limit.statistic;
      if (same && best.max_ms < limit.max_ms) return best.max_ms;
    }
  }
  return kUsualShare * limit.max_ms;
}

void JudgeLatencies(Feasible& candidate, const PlanRequest& request) {
  const Replica replica = ReplicaOf(candidate, request);
  double slack = 1;
  double excellence = 1;
  for (const domain::Limit& limit : request.slo.limits()) {
    const double latency = *replica.LatencyAt(limit.metric, limit.statistic, candidate.rps_per_replica);
    slack = std::min(slack, 1 - latency / limit.max_ms);
    excellence = std::min(excellence, Excellence(latency, limit.max_ms, ExcellentMs(request, limit)));
  }
  candidate.worst_slack = std::max(slack, 0.0);  // not below 0 by a rounding error at headroom 1
  candidate.excellence = excellence;
}

double MemoryMiss(const Memory& memory, const domain::Model* model, const domain::TrafficShape& shape) {
  double needed = *memory.weights_gib;
  if (model != nullptr && model->kv_bytes_per_token) {
    needed += *model->kv_bytes_per_token * (shape.input_tokens + shape.output_tokens) / (1 << 30);
  }
  return needed / *memory.memory_gib;
}

Infeasible Reject(const Feasible& candidate, const Shortfall& why) {
  return {.configuration = candidate.configuration,
          .model = candidate.model,
          .curve = candidate.curve,
          .terms = candidate.terms,
          .index = candidate.index,
          .reason = why.reason,
          .limit = why.limit,
          .miss_factor = why.miss_factor,
          .predicted = why.predicted};
}

// What the tightest limit on TTFT or E2E leaves for waiting at the highest load
// that headroom allows; negative without such a limit.
double WaitBudget(const Feasible& candidate, const PlanRequest& request) {
  if (request.arrivals.inter_arrival_cv <= 1 || !candidate.settled()) return -1;
  const Replica replica = ReplicaOf(candidate, request);
  double budget = std::numeric_limits<double>::infinity();
  for (const domain::Limit& limit : request.slo.limits()) {
    if (limit.metric == domain::Metric::kItl) continue;
    const auto latency = replica.LatencyAt(limit.metric, limit.statistic, candidate.capacity.rps / request.headroom);
    budget = std::min(budget, limit.max_ms - *latency);
  }
  return std::isinf(budget) ? -1 : std::max(budget, 1e-3);
}

double ScoreOf(const Feasible& candidate, const PlanRequest& request) {
  const double usd_per_month = candidate.usd_per_hour * kHoursPerMonth;
  Criteria criteria{
      .usd_per_month = usd_per_month, .excellence = candidate.excellence, .quality = {}, .slo_confidence = 1};
  if (candidate.settled()) {
    if (request.weights.risk > 0) criteria.slo_confidence = SloConfidence(candidate);
  }
  return Closeness(ScoresOf(criteria, request.budget_usd_per_month), request.weights);
}

// Replicas and cost, once the capacity is known.
Verdict Size(Feasible candidate, const PlanRequest& request) {
  const HardwareTerms& terms = *candidate.terms;
  if (terms.price == nullptr) return Reject(candidate, {.reason = RejectionReason::kNoPrice});
  candidate.wait_budget_ms = WaitBudget(candidate, request);
  const Sizing sizing = SizeReplicas({.rps = request.rps,
                                      .capacity_rps = candidate.capacity.rps,
                                      .headroom = request.headroom,
                                      .wait_budget_ms = candidate.wait_budget_ms,
                                      .confidence = request.confidence,
                                      .arrivals = request.arrivals});
  const double gpus = sizing.replicas * candidate.configuration->configuration.hardware_count;
  const double allowed = AllowedGpus(terms);
  if (gpus > allowed) {
    const double miss = allowed > 0 ? gpus / allowed : 0;
    Infeasible rejected = Reject(candidate, {.reason = RejectionReason::kGpuInventory, .miss_factor = miss});
    rejected.gpus_needed = gpus;
    return rejected;
  }
  candidate.replicas = static_cast<int>(sizing.replicas);
  candidate.rps_per_replica = sizing.rps_per_replica;
  candidate.usd_per_hour = gpus * terms.price->usd_per_gpu_hour;
  const double over_budget = candidate.usd_per_hour * kHoursPerMonth / request.budget_usd_per_month;
  if (over_budget > 1) return Reject(candidate, {.reason = RejectionReason::kBudget, .miss_factor = over_budget});
  if (candidate.settled()) {
    JudgeLatencies(candidate, request);
  } else {
    candidate.worst_slack = std::numeric_limits<double>::infinity();
  }
  candidate.score = ScoreOf(candidate, request);
  return candidate;
}

}  // namespace

int AllowedGpus(const HardwareTerms& terms) {
  return terms.max_gpus < 0 ? kMostGpus : std::min(terms.max_gpus, kMostGpus);
}

Verdict Evaluate(const ConfigurationEvidence& configuration, const domain::Model* model, const HardwareTerms& terms,
                 const PlanRequest& request) {
  Feasible candidate{.configuration = &configuration, .model = model, .terms = &terms};
  candidate.curve = &ClosestCurve(configuration, request.shape, &candidate.distance);
  const Memory memory = FitMemory(configuration, model, terms.hardware, request.shape);
  if (memory.fit == MemoryFit::kTooSmall) {
    return Reject(candidate,
                  {.reason = RejectionReason::kMemory, .miss_factor = MemoryMiss(memory, model, request.shape)});
  }
  if (request.policy == MatchPolicy::kExact && candidate.distance > 0) {
    return Reject(candidate, {.reason = RejectionReason::kShape});
  }
  if (const auto shortfall = FindCapacity(candidate, memory, request)) return Reject(candidate, *shortfall);
  return Size(std::move(candidate), request);
}

Verdict Settle(const Feasible& candidate, const PlanRequest& request) {
  Feasible calibrated = candidate;
  CalibrateCapacity(calibrated, request);
  return Size(std::move(calibrated), request);
}

const LoadCurve* MeasuredPart(const Feasible& candidate) { return candidate.floor_rps > 0 ? candidate.curve : nullptr; }

Replica ReplicaOf(const Feasible& candidate, const PlanRequest& request) {
  const LengthHistogram* lengths = request.lengths ? &*request.lengths : nullptr;
  if (!candidate.predicted()) return {*candidate.curve, candidate.rescale, lengths};
  const ShapeFit fit(candidate.configuration->performance->fit, request.shape);
  return {fit, candidate.correction, MeasuredPart(candidate), lengths};
}

namespace {

// The probability that what was measured to carry `capacity_rps` carries `rps`
// another time.
double RepeatConfidence(double capacity_rps, double rps) {
  constexpr double kMostConfidence = 0.99;
  constexpr double kAmple = 2.4;  // sigmas, where the most is reached
  static const double kAmpleRatio = std::exp(kAmple * kRepeatability);
  if (capacity_rps >= kAmpleRatio * rps) return kMostConfidence;
  const double sigmas = std::log(capacity_rps / rps) / kRepeatability;
  return std::min(kMostConfidence, std::erfc(-sigmas / std::sqrt(2)) / 2);
}

}  // namespace

std::optional<double> SloConfidence(const Feasible& candidate) {
  const double rps = candidate.rps_per_replica;
  if (!candidate.predicted()) {
    if (candidate.distance > 0) return std::nullopt;
    return RepeatConfidence(candidate.capacity.rps, rps);
  }
  const auto predicted = candidate.errors->ProbabilityOf(rps, candidate.fitted_rps);
  if (candidate.floor_rps <= 0) return predicted;
  return std::max(predicted.value_or(0), RepeatConfidence(candidate.floor_rps, rps));
}

bool ComesBefore(const Feasible& a, const Feasible& b) {
  if (a.score != b.score) return a.score > b.score;
  if (a.usd_per_hour != b.usd_per_hour) return a.usd_per_hour < b.usd_per_hour;
  return a.worst_slack != b.worst_slack ? a.worst_slack > b.worst_slack : a.index < b.index;
}

namespace {

// What the Pareto front is over; small, because tens of thousands are sorted.
struct FrontKey {
  double usd_per_hour = 0;
  double worst_slack = 0;
  double slo_confidence = 0;
  std::uint32_t index = 0;
};

// At least as good in all, and better in one; `a` is not dearer than `b`.
bool Dominates(const FrontKey& a, const FrontKey& b) {
  if (a.worst_slack < b.worst_slack || a.slo_confidence < b.slo_confidence) return false;
  return a.usd_per_hour < b.usd_per_hour || a.worst_slack > b.worst_slack || a.slo_confidence > b.slo_confidence;
}

// Where nothing is known of it, a measured option's is better.
double KnownConfidence(const Feasible& candidate) { return SloConfidence(candidate).value_or(0); }

}  // namespace

std::vector<std::uint32_t> Rank(std::vector<Feasible>& candidates) {
  std::vector<FrontKey> keys;
  keys.reserve(candidates.size());
  for (std::uint32_t i = 0; i < candidates.size(); ++i) {
    if (!candidates[i].settled()) continue;
    keys.push_back({candidates[i].usd_per_hour, candidates[i].worst_slack, KnownConfidence(candidates[i]), i});
  }
  std::sort(keys.begin(), keys.end(), [](const FrontKey& a, const FrontKey& b) {
    if (a.usd_per_hour != b.usd_per_hour) return a.usd_per_hour < b.usd_per_hour;
    if (a.worst_slack != b.worst_slack) return a.worst_slack > b.worst_slack;
    return a.slo_confidence != b.slo_confidence ? a.slo_confidence > b.slo_confidence : a.index < b.index;
  });
  std::vector<std::uint32_t> order;
  order.reserve(keys.size());
  // What dominates a key comes before it, and is on the front or dominated by
  // one that is.
  std::vector<FrontKey> front;
  for (const FrontKey& key : keys) {
    order.push_back(key.index);
    const bool dominated =
        std::any_of(front.rbegin(), front.rend(), [&](const FrontKey& other) { return Dominates(other, key); });
    candidates[key.index].pareto_optimal = !dominated;
    if (!dominated) front.push_back(key);
  }
  // The cheapest first is the order by score, unless more than cost counts.
  const auto before = [&](std::uint32_t a, std::uint32_t b) { return ComesBefore(candidates[a], candidates[b]); };
  if (!std::is_sorted(order.begin(), order.end(), before)) std::sort(order.begin(), order.end(), before);
  return order;
}

}  // namespace loadline::planning
