#include "services/planner/planning/candidate.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "services/planner/planning/match.h"
#include "services/planner/planning/memory_fit.h"

namespace loadline::planning {
namespace {

double Tokens(const domain::TrafficShape& shape) { return shape.input_tokens + shape.output_tokens; }

double Rescale(const PlanRequest& request, const LoadCurve& curve) {
  if (request.policy != MatchPolicy::kClosestRescaled) return 1;
  return Tokens(curve.shape()) / Tokens(request.shape);
}

// The smallest number of replicas that carries the rate; a rate that divides
// evenly must not need one more because of rounding.
double Replicas(double rate, double usable) { return std::max(1.0, std::ceil(rate / usable * (1 - 1e-12))); }

double WorstSlack(const Feasible& candidate, const domain::Slo& slo) {
  double worst = std::numeric_limits<double>::infinity();
  for (const domain::Limit& limit : slo.limits()) {
    const auto latency =
        candidate.curve->LatencyAt(limit.metric, limit.statistic, candidate.rps_per_replica / candidate.rescale);
    worst = std::min(worst, 1 - *latency / limit.max_ms);
  }
  return std::max(worst, 0.0);  // not below 0 by a rounding error at headroom 1
}

double MemoryMiss(const Memory& memory, const domain::Model* model, const domain::TrafficShape& shape) {
  double needed = *memory.weights_gib;
  if (model != nullptr && model->kv_bytes_per_token) needed += *model->kv_bytes_per_token * Tokens(shape) / (1 << 30);
  return needed / *memory.memory_gib;
}

}  // namespace

int AllowedGpus(const HardwareTerms& terms) {
  return terms.max_gpus < 0 ? kMostGpus : std::min(terms.max_gpus, kMostGpus);
}

std::variant<Feasible, Infeasible> Evaluate(const ConfigurationEvidence& configuration, const domain::Model* model,
                                            const HardwareTerms& terms, const PlanRequest& request) {
  Feasible good{.configuration = &configuration, .model = model, .terms = &terms};
  good.curve = &ClosestCurve(configuration, request.shape, &good.distance);
  Infeasible bad{.configuration = &configuration, .model = model, .curve = good.curve, .terms = &terms};
  const auto reject = [&bad](RejectionReason reason) {
    bad.reason = reason;
    return bad;
  };

  const Memory memory = FitMemory(configuration, model, terms.hardware, request.shape);
  if (memory.fit == MemoryFit::kTooSmall) {
    bad.miss_factor = MemoryMiss(memory, model, request.shape);
    return reject(RejectionReason::kMemory);
  }
  if (request.policy == MatchPolicy::kExact && good.distance > 0) return reject(RejectionReason::kShape);

  good.capacity = good.curve->Capacity(request.slo);
  bad.limit = good.capacity.not_measured;
  if (bad.limit >= 0) return reject(RejectionReason::kNotMeasured);
  bad.limit = good.capacity.binding_limit;
  bad.miss_factor = good.capacity.miss_factor;
  if (good.capacity.kind == CapacityKind::kNone) return reject(RejectionReason::kSlo);
  if (terms.price == nullptr) return reject(RejectionReason::kNoPrice);

  good.rescale = Rescale(request, *good.curve);
  const double replicas = Replicas(request.rps, good.capacity.rps * good.rescale / request.headroom);
  bad.gpus_needed = replicas * configuration.configuration.hardware_count;
  const double allowed = AllowedGpus(terms);
  bad.miss_factor = allowed > 0 ? bad.gpus_needed / allowed : 0;
  if (bad.gpus_needed > allowed) return reject(RejectionReason::kGpuInventory);

  good.replicas = static_cast<int>(replicas);
  good.rps_per_replica = request.rps / replicas;
  good.usd_per_hour = bad.gpus_needed * terms.price->usd_per_gpu_hour;
  good.worst_slack = WorstSlack(good, request.slo);
  return good;
}

std::vector<std::uint32_t> Rank(std::vector<Feasible>& candidates) {
  struct Key {  // small, because tens of thousands are sorted
    double usd_per_hour;
    double worst_slack;
    std::uint32_t index;
  };
  std::vector<Key> keys;
  keys.reserve(candidates.size());
  for (const Feasible& candidate : candidates) {
    keys.push_back({candidate.usd_per_hour, candidate.worst_slack, static_cast<std::uint32_t>(keys.size())});
  }
  std::sort(keys.begin(), keys.end(), [](const Key& a, const Key& b) {
    if (a.usd_per_hour != b.usd_per_hour) return a.usd_per_hour < b.usd_per_hour;
    return a.worst_slack != b.worst_slack ? a.worst_slack > b.worst_slack : a.index < b.index;
  });
  std::vector<std::uint32_t> order;
  order.reserve(keys.size());
  // Cheapest first: one is on the front if it has more slack than all cheaper
  // ones, or ties with the first of its cost.
  Key best{.usd_per_hour = -1, .worst_slack = -1, .index = 0};
  for (const Key& key : keys) {
    order.push_back(key.index);
    const bool twin = key.worst_slack == best.worst_slack && key.usd_per_hour == best.usd_per_hour;
    candidates[key.index].pareto_optimal = twin || key.worst_slack > best.worst_slack;
    if (key.worst_slack > best.worst_slack) best = key;
  }
  return order;
}

}  // namespace loadline::planning
