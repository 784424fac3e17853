#pragma once

#include <cmath>
#include <limits>

namespace loadline::planning {

/// A latency, in ms, of one replica at one traffic shape, as a function of its
/// load: the fitted basis with the lengths put in. All coefficients are at
/// least 0, so it never falls as load rises.
struct LoadLaw {
  double base = 0;
  double per_in_flight = 0;
  double per_in_flight_squared = 0;
  double per_rps = 0;

  double At(double in_flight, double rps) const {
    return base + per_in_flight * in_flight + per_in_flight_squared * in_flight * in_flight + per_rps * rps;
  }

  /// `factor` times this and `other`.
  LoadLaw Plus(double factor, const LoadLaw& other) const {
    return {.base = base + factor * other.base,
            .per_in_flight = per_in_flight + factor * other.per_in_flight,
            .per_in_flight_squared = per_in_flight_squared + factor * other.per_in_flight_squared,
            .per_rps = per_rps + factor * other.per_rps};
  }

  LoadLaw Times(double factor) const { return LoadLaw{}.Plus(factor, *this); }
};

/// Mean requests in flight when `rps` requests/s arrive and each stays for
/// `stay` ms: the smallest root of Little's law c = rps * stay(c, rps) / 1000.
/// Infinite where there is none: the replica is saturated. Never falls as `rps`
/// rises.
inline double InFlight(const LoadLaw& stay, double rps) {
  const double constant = rps / 1000 * (stay.base + stay.per_rps * rps);
  const double linear = 1 - rps / 1000 * stay.per_in_flight;
  const double quadratic = rps / 1000 * stay.per_in_flight_squared;
  const double discriminant = linear * linear - 4 * quadratic * constant;
  if (linear <= 0 || discriminant < 0) return std::numeric_limits<double>::infinity();
  return 2 * constant / (linear + std::sqrt(discriminant));
}

/// The rate at which `in_flight` requests are in flight, each staying for
/// `stay` ms; the inverse of InFlight below saturation.
inline double RateAt(const LoadLaw& stay, double in_flight) {
  const double at_rest = stay.base + in_flight * (stay.per_in_flight + stay.per_in_flight_squared * in_flight);
  const double root = std::sqrt(at_rest * at_rest + 4 * stay.per_rps * 1000 * in_flight);
  return 2000 * in_flight / (at_rest + root);
}

}  // namespace loadline::planning
