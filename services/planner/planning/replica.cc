#include "services/planner/planning/replica.h"

#include <algorithm>
#include <limits>

namespace loadline::planning {

using domain::Metric;
using domain::Reading;
using domain::Statistic;

Reading Replica::Fitted(Metric metric, Statistic statistic, double rps) const {
  const double rate = rps / factor_;
  const double in_flight = fit_->InFlightAt(rate);
  return std::isinf(in_flight) ? Reading{} : fit_->LatencyAt(metric, statistic, in_flight, rate);
}

Reading Replica::Plain(Metric metric, Statistic statistic, double rps) const {
  if (!fit_) return curve_->LatencyAt(metric, statistic, rps / factor_);
  const Reading fitted = Fitted(metric, statistic, rps);
  if (curve_ == nullptr) return fitted;
  // Where the curve ends, no latency falls.
  const auto end = curve_->CrossingOf(metric, statistic, std::numeric_limits<double>::infinity());
  if (end.kind == CurveCrossing::Kind::kNotMeasured) return fitted;
  if (rps <= end.rps) return curve_->LatencyAt(metric, statistic, rps);
  return fitted ? Reading(std::max(*fitted, end.latency_ms)) : fitted;
}

Reading Replica::LatencyAt(Metric metric, Statistic statistic, double rps) const {
  if (metric != Metric::kE2e || lengths_ == nullptr) return Plain(metric, statistic, rps);
  const Reading itl = Plain(Metric::kItl, Statistic::kMean, rps);
  if (!itl) return {};
  return E2eFromLengths(SummaryAt(Metric::kTtft, rps), *itl, *lengths_, statistic);
}

// Percentiles are interpolated one by one, so two that nearly touch could cross
// between nodes; the running maximum keeps them in order.
domain::LatencySummary Replica::SummaryAt(Metric metric, double rps) const {
  domain::LatencySummary summary;
  double floor = 0;
  for (const Statistic statistic : domain::kStatistics) {
    const Reading latency = LatencyAt(metric, statistic, rps);
    if (!latency) continue;
    const bool percentile = statistic != Statistic::kMean;
    summary[statistic] = percentile ? std::max(floor, *latency) : *latency;
    if (percentile) floor = *summary[statistic];
  }
  return summary;
}

double RateWithin(const Replica& replica, const domain::Limit& limit, double most) {
  constexpr int kHalvings = 32;
  const auto holds = [&](double rps) {
    const Reading latency = replica.LatencyAt(limit.metric, limit.statistic, rps);
    return latency && *latency <= limit.max_ms;
  };
  if (holds(most)) return most;
  double low = 0;
  double high = most;
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = (low + high) / 2;
    (holds(middle) ? low : high) = middle;
  }
  return low;
}

}  // namespace loadline::planning
