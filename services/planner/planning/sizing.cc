#include "services/planner/planning/sizing.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace loadline::planning {
namespace {

// Service times of requests vary about as much as their mean.
constexpr double kServiceCv = 1;
// No plan has more replicas than this; see kMostGpus.
constexpr double kMostServers = 4'000'000;

// ln(1 / B) of Erlang's B formula: 1 / B is the sum over j = 0..n of the
// product of (n - i) / a for i < j. Scaled as it grows, so nothing overflows.
double LogInverseErlangB(double servers, double offered_load) {
  constexpr double kLarge = 1e200;
  double term = 1;
  double sum = 1;
  double scale = 0;  // natural logarithm
  for (double left = servers; left >= 1; --left) {
    term *= left / offered_load;
    sum += term;
    if (left < offered_load && term < sum * 1e-17) break;
    if (sum < kLarge) continue;
    term /= kLarge;
    sum /= kLarge;
    scale += std::log(kLarge);
  }
  return scale + std::log(sum);
}

// P(W > t), by Erlang's C formula and the two-moment correction.
double WaitProbability(double servers, const SizingInput& input) {
  const double spread = input.arrivals.inter_arrival_cv * input.arrivals.inter_arrival_cv + kServiceCv * kServiceCv;
  const double spare_rps = servers * input.capacity_rps - input.rps;
  if (spare_rps <= 0) return 1;
  const double log_waits = LogErlangC(servers, input.rps / input.capacity_rps);
  return std::exp(log_waits - 2 * spare_rps * input.wait_budget_ms / 1000 / spread);
}

// The smallest number of servers, at least `least`, whose queue is short
// enough.
double ServersForWait(double least, const SizingInput& input) {
  const auto enough = [&](double servers) { return WaitProbability(servers, input) <= 1 - input.confidence; };
  double low = least - 1;
  double high = least;
  while (!enough(high) && high < kMostServers) {
    low = high;
    high *= 2;
  }
  while (high - low > 1) {
    const double middle = std::floor((low + high) / 2);
    (enough(middle) ? high : low) = middle;
  }
  return high;
}

}  // namespace

double LogErlangC(double servers, double offered_load) {
  if (offered_load >= servers) return 0;
  if (offered_load <= 0) return -std::numeric_limits<double>::infinity();
  const double log_b = -LogInverseErlangB(servers, offered_load);
  const double utilisation = offered_load / servers;
  return log_b - std::log(1 - utilisation * (1 - std::exp(log_b)));
}

Sizing SizeReplicas(const SizingInput& input) {
  const Arrivals& arrivals = input.arrivals;
  const double busiest_rps = input.rps * arrivals.routing_imbalance;
  // A rate that divides evenly must not need one more because of rounding.
  constexpr double kRounding = 1 - 1e-12;
  double serving = std::max(1.0, std::ceil(busiest_rps / (input.capacity_rps / input.headroom) * kRounding));
  Sizing sizing;
  if (arrivals.inter_arrival_cv > 1 && input.wait_budget_ms > 0 && serving < kMostServers) {
    serving = ServersForWait(serving, input);
    sizing.wait_probability = WaitProbability(serving, input);
  }
  sizing.rps_per_replica = busiest_rps / serving;
  sizing.replicas = serving + arrivals.spare_replicas;
  return sizing;
}

}  // namespace loadline::planning
