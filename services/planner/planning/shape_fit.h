#pragma once

#include <array>
#include <limits>
#include <span>
#include <vector>

#include "libs/domain/slo.h"
#include "services/planner/planning/performance_fit.h"

namespace loadline::planning {

/// A fit at one traffic shape. A small value that copies what it needs.
class ShapeFit {
 public:
  /// `fit.HasStay()` must be true; `shape` is in tokens.
  ShapeFit(const PerformanceFit& fit, const domain::TrafficShape& shape);

  /// Mean requests in flight at `rps`; infinite: saturated.
  double InFlightAt(double rps) const { return InFlight(stay_, rps); }
  /// The rate that keeps `in_flight` requests in flight.
  double RpsAt(double in_flight) const { return RateAt(stay_, in_flight); }

  /// A latency in ms; absent where there is no fit. Percentiles that the fit
  /// has below the asked one bound it from below: p50 <= p90 <= p95 <= p99; and
  /// TTFT bounds E2E.
  domain::Reading LatencyAt(domain::Metric metric, domain::Statistic statistic, double in_flight, double rps) const;

  /// The highest rate at which at most `max_in_flight` requests are in flight.
  double RateWithin(double max_in_flight) const;
  /// The same within all `limits`, for each of which there is a fit.
  double RateWithin(std::span<const domain::Limit> limits, double max_in_flight) const;
  /// The highest rate at which the latency is at most `max_ms` and at most
  /// `max_in_flight` requests are in flight; 0 if there is none. The statistic
  /// must have a fit. Never more than that rate, and at most 2^-32 of the rate at
  /// which a lone request's stay allows so many in flight less; about half a
  /// microsecond.
  double RateWithin(domain::Metric metric, domain::Statistic statistic, double max_ms, double max_in_flight) const;

 private:
  template <typename Holds>
  double HighestRate(double max_in_flight, Holds holds) const;
  template <typename Visit>
  void ForEachLaw(domain::Metric metric, domain::Statistic statistic, Visit visit) const;

  LoadLaw stay_;
  std::array<LoadLaw, kLatencyCount> laws_;
  std::uint32_t has_ = 0;  // a bit for each latency
};

/// A fit is trusted up to this many times the requests in flight that were
/// measured.
inline constexpr double kExtrapolation = 1.5;

/// What a fit says one replica can carry at a shape.
struct FittedCapacity {
  /// Requests/s; 0: a limit fails at any load.
  double rps = 0;
  /// Index of the limit that is reached first; -1: the bound on requests in
  /// flight.
  int binding_limit = -1;
  /// Latency / limit of the binding limit with one request at a time, where
  /// rps is 0; at least 1.
  double miss_factor = 0;
};

/// Index of a limit that `fit` says nothing of; -1: all are there.
int LimitWithoutFit(const PerformanceFit& fit, std::span<const domain::Limit> limits);

/// The capacity within `limits`, for each of which there is a fit.
FittedCapacity CapacityOf(const ShapeFit& fit, std::span<const domain::Limit> limits, double max_in_flight);

}  // namespace loadline::planning
