#include "services/planner/planning/shape_fit.h"

#include <algorithm>
#include <cmath>

namespace loadline::planning {
namespace {

using domain::Metric;
using domain::Statistic;

bool IsPercentile(Statistic statistic) { return statistic != Statistic::kMean; }

}  // namespace

ShapeFit::ShapeFit(const PerformanceFit& fit, const domain::TrafficShape& shape)
    : stay_(fit.StayAt(shape.input_tokens, shape.output_tokens)) {
  for (const Metric metric : domain::kMetrics) {
    for (const Statistic statistic : domain::kStatistics) {
      if (!fit.Has(metric, statistic)) continue;
      const std::size_t index = LatencyIndex(metric, statistic);
      laws_[index] = fit.LawAt(metric, statistic, shape.input_tokens, shape.output_tokens);
      has_ |= 1U << index;
    }
  }
}

// Visits the law of the statistic and, for a percentile, those of lower ones;
// for the whole of a request those of its first token too.
template <typename Visit>
void ShapeFit::ForEachLaw(Metric metric, Statistic statistic, Visit visit) const {
  if (metric == Metric::kE2e) ForEachLaw(Metric::kTtft, statistic, visit);
  const std::size_t last = LatencyIndex(metric, statistic);
  const std::size_t first = IsPercentile(statistic) ? LatencyIndex(metric, Statistic::kP50) : last;
  for (std::size_t index = first; index <= last; ++index) {
    if ((has_ >> index & 1U) != 0) visit(laws_[index]);
  }
}

domain::Reading ShapeFit::LatencyAt(Metric metric, Statistic statistic, double in_flight, double rps) const {
  if ((has_ >> LatencyIndex(metric, statistic) & 1U) == 0) return {};
  double latency = 0;
  ForEachLaw(metric, statistic, [&](const LoadLaw& law) { latency = std::max(latency, law.At(in_flight, rps)); });
  return latency;
}

// By halving, as latencies never fall with the rate.
template <typename Holds>
double ShapeFit::HighestRate(double max_in_flight, Holds holds) const {
  constexpr int kHalvings = 32;
  const auto carries = [&](double rps) {
    const double in_flight = InFlight(stay_, rps);
    return in_flight <= max_in_flight && holds(in_flight, rps);
  };
  double low = 0;
  double high = std::min(
      {1000 * max_in_flight / stay_.base, 1000 / stay_.per_in_flight, std::sqrt(1000 * max_in_flight / stay_.per_rps)});
  if (!carries(low) || !std::isfinite(high)) return 0;
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = (low + high) / 2;
    (carries(middle) ? low : high) = middle;
  }
  return low;
}

double ShapeFit::RateWithin(double max_in_flight) const { return RateWithin({}, max_in_flight); }

double ShapeFit::RateWithin(Metric metric, Statistic statistic, double max_ms, double max_in_flight) const {
  const domain::Limit limit{.metric = metric, .statistic = statistic, .max_ms = max_ms};
  return RateWithin({&limit, 1}, max_in_flight);
}

double ShapeFit::RateWithin(std::span<const domain::Limit> limits, double max_in_flight) const {
  struct Bound {
    const LoadLaw* law = nullptr;
    double max_ms = 0;
  };
  std::array<Bound, kLatencyCount * domain::kStatistics.size()> bounds;
  std::size_t count = 0;
  for (const domain::Limit& limit : limits) {
    ForEachLaw(limit.metric, limit.statistic, [&](const LoadLaw& law) { bounds[count++] = {&law, limit.max_ms}; });
  }
  return HighestRate(max_in_flight, [&](double in_flight, double rps) {
    for (std::size_t i = 0; i < count; ++i) {
      if (bounds[i].law->At(in_flight, rps) > bounds[i].max_ms) return false;
    }
    return true;
  });
}

int LimitWithoutFit(const PerformanceFit& fit, std::span<const domain::Limit> limits) {
  const auto missing = std::find_if(limits.begin(), limits.end(), [&](const domain::Limit& limit) {
    return !fit.Has(limit.metric, limit.statistic);
  });
  return missing == limits.end() ? -1 : static_cast<int>(missing - limits.begin());
}

FittedCapacity CapacityOf(const ShapeFit& fit, std::span<const domain::Limit> limits, double max_in_flight) {
  FittedCapacity capacity{.rps = fit.RateWithin(limits, max_in_flight)};
  // Which limit binds shows just above the capacity; with none, at rest.
  constexpr double kJustAbove = 1 + 1e-6;
  const double above = capacity.rps * kJustAbove;
  double worst = capacity.rps > 0 ? 1 : 0;
  for (std::size_t i = 0; i < limits.size(); ++i) {
    const double latency = *fit.LatencyAt(limits[i].metric, limits[i].statistic, fit.InFlightAt(above), above);
    const double miss = latency / limits[i].max_ms;
    if (miss <= worst) continue;
    worst = miss;
    capacity.binding_limit = static_cast<int>(i);
  }
  if (capacity.rps == 0) capacity.miss_factor = std::max(1.0, worst);
  return capacity;
}

}  // namespace loadline::planning
