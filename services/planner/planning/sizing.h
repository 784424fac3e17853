#pragma once

namespace loadline::planning {

/// How requests really arrive, and how they are spread over the replicas. The
/// defaults change nothing: traffic as smooth as the benchmarks'.
struct Arrivals {
  /// Standard deviation / mean of the time between requests; 1 is Poisson.
  /// 0 to 100. Benchmarks already contain the queueing of Poisson arrivals.
  double inter_arrival_cv = 1;
  /// The busiest replica's rate / the mean rate: 1.0 for least-loaded routing,
  /// 1.1 for round robin. 1 to 4.
  double routing_imbalance = 1;
  /// Replicas that may be away at any time without breaking the SLO; 0 to 1,000.
  int spare_replicas = 0;

  friend bool operator==(const Arrivals&, const Arrivals&) = default;
};

/// What decides how many replicas carry some traffic.
struct SizingInput {
  /// The rate at peak, requests/s; > 0.
  double rps = 0;
  /// What one replica can carry within the SLO, requests/s; > 0.
  double capacity_rps = 0;
  /// A replica is loaded to at most capacity / headroom; >= 1.
  double headroom = 1.2;
  /// Waiting that the tightest TTFT limit leaves beside the latency at
  /// capacity / headroom, in ms; negative: there is no limit on TTFT or E2E.
  double wait_budget_ms = -1;
  /// The share of requests that must wait less than `wait_budget_ms`; (0, 1).
  double confidence = 0.95;
  Arrivals arrivals = {};
};

struct Sizing {
  /// Replicas to deploy, spares included; a whole number, at least 1. Kept as a
  /// double because an absurd rate may need more than an int holds.
  double replicas = 1;
  /// What the busiest replica carries while the spares are away, requests/s.
  double rps_per_replica = 0;
  /// P(a request waits longer than the budget) at that size; 0 without one.
  double wait_probability = 0;
};

/// The smallest number of replicas that carries the traffic: each loaded to at
/// most capacity / headroom even where routing is uneven, burst queueing
/// (Erlang-C with the two-moment correction of Allen and Cunneen) within the
/// wait budget where arrivals are burstier than Poisson, and spares on top.
/// Never falls as rps, headroom, cv, imbalance or spares rise. O(log n).
Sizing SizeReplicas(const SizingInput& input);

/// ln of the probability that a request must wait with `servers` servers at
/// `offered_load` = arrival rate / service rate (erlangs), Poisson arrivals and
/// exponential service (Erlang's C formula, in log space so that thousands of
/// servers do not overflow). 0 when offered_load >= servers.
double LogErlangC(double servers, double offered_load);

}  // namespace loadline::planning
