#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "services/planner/planning/plan.h"

namespace loadline::planning {

/// No option uses more GPUs than this, whatever is at hand.
constexpr int kMostGpus = 1'000'000;

/// What is known of one GPU type for one request.
struct HardwareTerms {
  const domain::Hardware* hardware = nullptr;
  /// The price that counts; null: there is none.
  const domain::HardwarePrice* price = nullptr;
  /// GPUs at hand; negative: unlimited.
  int max_gpus = -1;
};

/// GPUs of this type that a plan may use.
int AllowedGpus(const HardwareTerms& terms);

/// A configuration that keeps the SLO, in numbers only: thousands are made for
/// a plan, and a few become a PlanOption.
struct Feasible {
  const ConfigurationEvidence* configuration = nullptr;
  const domain::Model* model = nullptr;
  const LoadCurve* curve = nullptr;
  const HardwareTerms* terms = nullptr;
  double distance = 0;
  /// Requests/s at the asked shape for one request/s of the curve.
  double rescale = 1;
  CurveCapacity capacity = {};
  /// What one replica will carry, at the asked shape.
  double rps_per_replica = 0;
  int replicas = 0;
  double usd_per_hour = 0;
  double worst_slack = 0;
  bool pareto_optimal = false;
};

/// One that does not, in numbers only.
struct Infeasible {
  const ConfigurationEvidence* configuration = nullptr;
  const domain::Model* model = nullptr;
  const LoadCurve* curve = nullptr;
  const HardwareTerms* terms = nullptr;
  RejectionReason reason = RejectionReason::kSlo;
  /// Index of the limit concerned, for kSlo and kNotMeasured.
  int limit = -1;
  /// See Rejection::miss_factor.
  double miss_factor = 0;
  /// GPUs that would be needed, for kGpuInventory.
  double gpus_needed = 0;
};

/// Judges one configuration. `model` may be null.
std::variant<Feasible, Infeasible> Evaluate(const ConfigurationEvidence& configuration, const domain::Model* model,
                                            const HardwareTerms& terms, const PlanRequest& request);

/// Marks the Pareto front over cost and worst slack, and returns the indices of
/// the candidates in order of cost, then the larger worst slack, then index.
std::vector<std::uint32_t> Rank(std::vector<Feasible>& candidates);

}  // namespace loadline::planning
