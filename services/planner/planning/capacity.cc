#include "services/planner/planning/capacity.h"

#include <algorithm>
#include <limits>
#include <span>
#include <vector>

#include "services/planner/planning/memory_fit.h"

namespace loadline::planning {
namespace {

using Limits = std::span<const domain::Limit>;

double Tokens(const domain::TrafficShape& shape) { return shape.input_tokens + shape.output_tokens; }

double Rescale(const PlanRequest& request, const LoadCurve& curve) {
  const bool rescaled = request.policy == MatchPolicy::kClosestRescaled || request.policy == MatchPolicy::kAuto;
  return rescaled ? Tokens(curve.shape()) / Tokens(request.shape) : 1;
}

// The SLO's limits, without those on E2E where the lengths of requests decide
// them.
class DirectLimits {
 public:
  explicit DirectLimits(const PlanRequest& request) : all_(request.slo.limits()) {
    if (!request.lengths) return;
    some_.emplace();
    for (std::size_t i = 0; i < all_.size(); ++i) {
      if (all_[i].metric == domain::Metric::kE2e) continue;
      some_->push_back(all_[i]);
      index_.push_back(static_cast<int>(i));
    }
  }

  Limits limits() const { return some_ ? Limits(*some_) : all_; }
  // Where one of `limits()` stands in the SLO.
  int InSlo(int limit) const { return limit < 0 || !some_ ? limit : index_[static_cast<std::size_t>(limit)]; }

 private:
  Limits all_;
  std::optional<std::vector<domain::Limit>> some_;
  std::vector<int> index_;
};

// Lowers `rps` to what the E2E limits allow for the lengths of requests; at
// `lowest` they are asked first.
std::optional<Shortfall> HoldByLengths(const Replica& replica, double lowest, const PlanRequest& request, double& rps,
                                       int& binding) {
  if (!request.lengths) return std::nullopt;
  const auto& limits = request.slo.limits();
  for (std::size_t i = 0; i < limits.size(); ++i) {
    if (limits[i].metric != domain::Metric::kE2e) continue;
    const auto latency = replica.LatencyAt(limits[i].metric, limits[i].statistic, lowest);
    const int index = static_cast<int>(i);
    if (!latency) return Shortfall{.reason = RejectionReason::kNotMeasured, .limit = index};
    if (*latency > limits[i].max_ms) return Shortfall{.limit = index, .miss_factor = *latency / limits[i].max_ms};
    const double within = RateWithin(replica, limits[i], rps);
    if (within < rps) binding = index;
    rps = within;
  }
  return std::nullopt;
}

// Nothing is read between a point where requests still fit into the KV cache
// and one where they do not, beyond where it fills: latencies jump there.
void CutAtFullCache(const LoadCurve& curve, const Memory& memory, CurveCapacity& capacity) {
  const double full = curve.RateOfInFlight(MostInFlight(memory, curve.shape()), capacity.rps);
  if (capacity.rps > full) capacity = {.kind = CapacityKind::kExact, .rps = full};
}

std::optional<Shortfall> ReadCurve(Feasible& candidate, const DirectLimits& direct, const Memory& memory,
                                   const PlanRequest& request) {
  const LoadCurve& curve = *candidate.curve;
  CurveCapacity capacity = curve.Capacity(direct.limits());
  if (capacity.not_measured >= 0) {
    return Shortfall{.reason = RejectionReason::kNotMeasured, .limit = direct.InSlo(capacity.not_measured)};
  }
  capacity.binding_limit = direct.InSlo(capacity.binding_limit);
  if (capacity.kind == CapacityKind::kNone) {
    return Shortfall{.limit = capacity.binding_limit, .miss_factor = capacity.miss_factor};
  }
  CutAtFullCache(curve, memory, capacity);
  capacity.rps *= candidate.rescale;
  const double before = capacity.rps;
  const auto shortfall =
      HoldByLengths(Replica(curve, candidate.rescale, request.lengths ? &*request.lengths : nullptr),
                    curve.node_rates().front() * candidate.rescale, request, capacity.rps, capacity.binding_limit);
  if (capacity.rps < before) capacity.kind = CapacityKind::kExact;
  candidate.capacity = capacity;
  return shortfall;
}

bool CanPredict(const Feasible& candidate, const DirectLimits& direct, const PlanRequest& request) {
  const PerformanceModel* model = candidate.configuration->performance.get();
  return request.policy == MatchPolicy::kAuto && model != nullptr && LimitWithoutFit(model->fit, direct.limits()) < 0;
}

// What a fit says; fitted_rps and the binding limit.
std::optional<Shortfall> Fit(const Feasible& candidate, const DirectLimits& direct, const Memory& memory,
                             const PlanRequest& request, FittedCapacity& capacity) {
  const PerformanceModel& model = *candidate.configuration->performance;
  const ShapeFit fit(model.fit, request.shape);
  const double most = std::min(kExtrapolation * model.fit.most_in_flight(), MostInFlight(memory, request.shape));
  capacity = CapacityOf(fit, direct.limits(), most);
  capacity.binding_limit = direct.InSlo(capacity.binding_limit);
  if (capacity.rps <= 0) {
    const int limit = std::max(0, capacity.binding_limit);
    return Shortfall{.limit = limit, .miss_factor = capacity.miss_factor, .predicted = true};
  }
  if (!request.lengths) return std::nullopt;
  constexpr double kIdle = 1e-6;  // of the capacity
  auto shortfall = HoldByLengths(Replica(fit, 1, MeasuredPart(candidate), &*request.lengths), capacity.rps * kIdle,
                                 request, capacity.rps, capacity.binding_limit);
  if (shortfall) shortfall->predicted = true;
  return shortfall;
}

std::optional<Shortfall> Predict(Feasible& candidate, const DirectLimits& direct, const Memory& memory,
                                 const PlanRequest& request) {
  FittedCapacity fitted;
  const auto shortfall = Fit(candidate, direct, memory, request, fitted);
  if (shortfall) return candidate.floor_rps > 0 ? std::nullopt : shortfall;
  const double best = fitted.rps * kMaxCorrection;
  if (best <= candidate.floor_rps) return std::nullopt;
  candidate.fitted_rps = fitted.rps;
  candidate.correction = kMaxCorrection;
  candidate.capacity = {.kind = CapacityKind::kPredicted, .rps = best, .binding_limit = fitted.binding_limit};
  return std::nullopt;
}

// Limits on E2E that lengths decide need no fit of E2E.
std::vector<domain::Limit> LimitsWithFit(const PerformanceFit& fit, const domain::Slo& slo) {
  std::vector<domain::Limit> limits = slo.limits();
  std::erase_if(limits, [&](const domain::Limit& limit) { return !fit.Has(limit.metric, limit.statistic); });
  return limits;
}

// Where nothing tells how far off a fit is, what the nearest shape was measured
// to carry, in tokens/s, is a second opinion: the lower one counts.
double LowerOfTwo(const Feasible& candidate, const PlanRequest& request) {
  const DirectLimits direct(request);
  const CurveCapacity nearest = candidate.curve->Capacity(direct.limits());
  if (nearest.kind == CapacityKind::kNone) return candidate.fitted_rps;
  return std::min(candidate.fitted_rps, nearest.rps * candidate.rescale);
}

}  // namespace

std::optional<Shortfall> FindCapacity(Feasible& candidate, const Memory& memory, const PlanRequest& request) {
  const DirectLimits direct(request);
  candidate.rescale = Rescale(request, *candidate.curve);
  const bool predictable = CanPredict(candidate, direct, request);
  if (predictable && candidate.distance > 0) return Predict(candidate, direct, memory, request);
  const auto shortfall = ReadCurve(candidate, direct, memory, request);
  if (!predictable) return shortfall;
  // What this shape does not tell, the others may.
  if (shortfall && shortfall->reason == RejectionReason::kNotMeasured) {
    return Predict(candidate, direct, memory, request);
  }
  if (shortfall || candidate.capacity.kind != CapacityKind::kLowerBound) return shortfall;
  candidate.floor_rps = candidate.capacity.rps;
  return Predict(candidate, direct, memory, request);
}

void CalibrateCapacity(Feasible& candidate, const PlanRequest& request) {
  const auto limits = LimitsWithFit(candidate.configuration->performance->fit, request.slo);
  candidate.errors =
      std::make_shared<const CapacityErrors>(CapacityErrors::At(*candidate.configuration, limits, request.shape));
  if (candidate.errors->shapes() == 0) candidate.fitted_rps = LowerOfTwo(candidate, request);
  const CapacityCalibration calibration = candidate.errors->Calibrate(candidate.fitted_rps, request.confidence);
  candidate.correction = calibration.correction;
  candidate.capacity.rps = calibration.capacity_rps.lower;
  if (candidate.capacity.rps > candidate.floor_rps) return;
  // No more than was measured to be carried.
  candidate.capacity = {.kind = CapacityKind::kLowerBound, .rps = candidate.floor_rps};
  candidate.fitted_rps = 0;
  candidate.correction = 1;
}

}  // namespace loadline::planning
