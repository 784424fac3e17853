#include "services/planner/planning/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "services/planner/planning/memory_fit.h"

namespace loadline::planning {
namespace {

using domain::Metric;
using domain::Statistic;

constexpr double kHoursPerMonth = 730;
constexpr double kSecondsPerHour = 3600;

// The load on the candidate's own curve.
double CurveLoad(const Feasible& candidate) { return candidate.rps_per_replica / candidate.rescale; }

Basis BasisAt(const Feasible& candidate, double rps) {
  const bool beyond = rps > candidate.floor_rps * (1 + 1e-9);
  if (candidate.predicted() && beyond) return Basis::kPredicted;
  if (candidate.distance > 0) return Basis::kClosest;
  return candidate.curve->IsNode(rps / candidate.rescale) ? Basis::kMeasured : Basis::kInterpolated;
}

// An end-to-end latency that lengths decide was measured by nobody.
std::optional<Basis> OwnBasis(const Feasible& candidate, const domain::Limit& limit, const PlanRequest& request) {
  const bool reckoned = request.lengths && limit.metric == Metric::kE2e && candidate.distance == 0;
  return reckoned ? std::optional(Basis::kPredicted) : std::nullopt;
}

std::vector<LimitMargin> Margins(const Feasible& candidate, const Replica& replica, const PlanRequest& request) {
  std::vector<LimitMargin> margins;
  for (const domain::Limit& limit : request.slo.limits()) {
    const double latency = *replica.LatencyAt(limit.metric, limit.statistic, candidate.rps_per_replica);
    margins.push_back({.limit = limit,
                       .latency_ms = latency,
                       .slack = std::max(0.0, 1 - latency / limit.max_ms),
                       .basis = OwnBasis(candidate, limit, request)});
  }
  return margins;
}

Capacity CapacityOf(const Feasible& candidate, const PlanRequest& request) {
  const CurveCapacity& capacity = candidate.capacity;
  Capacity explained{
      .rps = capacity.rps, .kind = capacity.kind, .basis = BasisAt(candidate, capacity.rps), .binding_limit = {}};
  if (capacity.binding_limit >= 0) {
    explained.binding_limit = request.slo.limits()[static_cast<std::size_t>(capacity.binding_limit)].ToString();
  } else if (capacity.kind == CapacityKind::kExact) {
    explained.binding_limit = "saturation";
  }
  if (candidate.predicted()) {
    explained.calibration = candidate.errors->Calibrate(candidate.fitted_rps, request.confidence);
  }
  return explained;
}

Cost CostOf(const Feasible& candidate, const PlanRequest& request) {
  const double requests_per_hour = request.rps * kSecondsPerHour;
  const double usd_per_million_requests = candidate.usd_per_hour / requests_per_hour * 1e6;
  const auto& shape = request.shape;
  return {.usd_per_hour = candidate.usd_per_hour,
          .usd_per_month = candidate.usd_per_hour * kHoursPerMonth,
          .usd_per_million_tokens = usd_per_million_requests / (shape.input_tokens + shape.output_tokens),
          .usd_per_million_output_tokens = usd_per_million_requests / shape.output_tokens,
          .price = *candidate.terms->price};
}

// A fit rests on every benchmark of its configuration.
Evidence FitEvidence(const Feasible& candidate) {
  Evidence evidence{.benchmark_ids = {}, .shape = candidate.curve->shape(), .distance = candidate.distance};
  for (const LoadCurve& curve : candidate.configuration->curves) {
    for (const LoadPoint& point : curve.points()) {
      evidence.benchmark_ids.push_back(point.id);
      evidence.origin = std::max(evidence.origin, point.origin);
    }
  }
  return evidence;
}

Evidence EvidenceOf(const Feasible& candidate) {
  if (candidate.predicted()) return FitEvidence(candidate);
  Evidence evidence{.benchmark_ids = {}, .shape = candidate.curve->shape(), .distance = candidate.distance};
  const auto load = candidate.curve->PointsAt(CurveLoad(candidate));
  const auto capacity = candidate.curve->PointsAt(candidate.capacity.rps / candidate.rescale);
  const auto points = candidate.curve->points();
  for (std::size_t i = load.first; i < capacity.second; ++i) {
    if (i >= load.second && i < capacity.first) continue;  // between the load and the capacity
    evidence.benchmark_ids.push_back(points[i].id);
    evidence.origin = std::max(evidence.origin, points[i].origin);
  }
  return evidence;
}

std::string DescribeSlo(const Infeasible& candidate, const domain::Limit& limit) {
  if (candidate.predicted) {
    return fmt::format(
        "{} is predicted to be {:.4g} ms even with no load: allow at least that, use faster hardware or a smaller "
        "model, or measure this shape.",
        limit.ToString(), candidate.miss_factor * limit.max_ms);
  }
  const auto& curve = *candidate.curve;
  return fmt::format(
      "{} is {:.4g} ms already at the lowest measured load ({:.3g} requests/s): allow at least that, or use faster "
      "hardware or a smaller model.",
      limit.ToString(), candidate.miss_factor * limit.max_ms, curve.node_rates().front());
}

std::string DescribeNotMeasured(const Infeasible& candidate, const domain::Limit& limit) {
  std::string measured;
  for (const Statistic statistic : domain::kStatistics) {
    if (!candidate.curve->LatencyAt(limit.metric, statistic, 0)) continue;
    measured += fmt::format("{}{}:{}", measured.empty() ? "" : ", ", Name(limit.metric), Name(statistic));
  }
  return fmt::format("{}:{} was not measured; {}.", Name(limit.metric), Name(limit.statistic),
                     measured.empty() ? "import a report that has it" : "limits can be set on " + measured);
}

std::string DescribeInventory(const Infeasible& candidate) {
  const auto& hardware = candidate.configuration->configuration.hardware;
  const int allowed = AllowedGpus(*candidate.terms);
  if (allowed == kMostGpus) {
    return fmt::format("{:.0f} {} would be needed, and no plan may use more than {}: relax the SLO or lower the rate.",
                       candidate.gpus_needed, hardware, kMostGpus);
  }
  return fmt::format("{:.0f} {} are needed and {} are allowed: allow more, or lower the rate or the headroom.",
                     candidate.gpus_needed, hardware, allowed);
}

std::string DescribeMemory(const Infeasible& candidate, const PlanRequest& request) {
  const Memory memory = FitMemory(*candidate.configuration, candidate.model, candidate.terms->hardware, request.shape);
  return fmt::format(
      "Weights take {:.1f} GiB and a replica has {:.0f} GiB, which leaves no room for {}: use more GPUs per replica, "
      "larger ones, or a lower precision.",
      *memory.weights_gib, *memory.memory_gib, memory.kv_tokens ? "the KV cache of one request" : "them");
}

std::string DescribePrice(const Infeasible& candidate, const PriceSelection& price) {
  return fmt::format("{} has no {} price{}: choose another one, or set it with UpsertHardware.",
                     candidate.configuration->configuration.hardware, price.purchase_option,
                     price.provider.empty() ? "" : " from " + price.provider);
}

std::string Describe(const Infeasible& candidate, const PlanRequest& request) {
  const auto limit = [&] { return request.slo.limits()[static_cast<std::size_t>(candidate.limit)]; };
  switch (candidate.reason) {
    case RejectionReason::kSlo: return DescribeSlo(candidate, limit());
    case RejectionReason::kNotMeasured: return DescribeNotMeasured(candidate, limit());
    case RejectionReason::kMemory: return DescribeMemory(candidate, request);
    case RejectionReason::kGpuInventory: return DescribeInventory(candidate);
    case RejectionReason::kNoPrice: return DescribePrice(candidate, request.price);
    case RejectionReason::kBudget:
      return fmt::format("{:.6g} US dollars a month are needed and {:.6g} are allowed: allow more, or relax the SLO.",
                         candidate.miss_factor * request.budget_usd_per_month, request.budget_usd_per_month);
    case RejectionReason::kShape: break;
  }
  return fmt::format("{} was not measured; the nearest shape that was is {}: allow the closest one, or measure it.",
                     request.shape.ToString(), candidate.curve->shape().ToString());
}

}  // namespace

PlanOption ExplainOption(const Feasible& candidate, const PlanRequest& request) {
  const Replica replica = ReplicaOf(candidate, request);
  const double load = candidate.rps_per_replica;
  return {.configuration = candidate.configuration->configuration,
          .replicas = candidate.replicas,
          .gpus = candidate.replicas * candidate.configuration->configuration.hardware_count,
          .capacity = CapacityOf(candidate, request),
          .rps_per_replica = load,
          .utilisation = std::min(1.0, load / candidate.capacity.rps),
          .ttft = replica.SummaryAt(Metric::kTtft, load),
          .itl = replica.SummaryAt(Metric::kItl, load),
          .e2e = replica.SummaryAt(Metric::kE2e, load),
          .latency_basis = BasisAt(candidate, load),
          .margins = Margins(candidate, replica, request),
          .worst_slack = candidate.worst_slack,
          .excellence = candidate.excellence,
          .wait_budget_ms = candidate.wait_budget_ms,
          .cost = CostOf(candidate, request),
          .memory = FitMemory(*candidate.configuration, candidate.model, candidate.terms->hardware, request.shape),
          .evidence = EvidenceOf(candidate),
          .pareto_optimal = candidate.pareto_optimal,
          .slo_confidence = SloConfidence(candidate),
          .score = candidate.score};
}

Rejection ExplainRejection(const Infeasible& candidate, const PlanRequest& request) {
  const bool names_limit =
      candidate.reason == RejectionReason::kSlo || candidate.reason == RejectionReason::kNotMeasured;
  return {
      .configuration = candidate.configuration->configuration,
      .reason = candidate.reason,
      .message = Describe(candidate, request),
      .binding_limit = names_limit ? request.slo.limits()[static_cast<std::size_t>(candidate.limit)].ToString() : "",
      .miss_factor = candidate.miss_factor,
      .evidence_shape = candidate.curve->shape()};
}

}  // namespace loadline::planning
