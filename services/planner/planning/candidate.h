#pragma once

#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

#include "services/planner/planning/calibration.h"
#include "services/planner/planning/plan.h"
#include "services/planner/planning/replica.h"

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
  /// The curve of the nearest shape.
  const LoadCurve* curve = nullptr;
  const HardwareTerms* terms = nullptr;
  /// Numbers the candidates of a plan in order.
  std::uint32_t index = 0;
  double distance = 0;
  /// Requests/s at the asked shape for one request/s of the curve.
  double rescale = 1;
  /// At the asked shape.
  CurveCapacity capacity = {};
  /// Where the capacity is predicted: what the fit says; else 0.
  double fitted_rps = 0;
  /// How much more, or less, than the fit says the capacity is.
  double correction = 1;
  /// What was measured to be carried in any case, or 0.
  double floor_rps = 0;
  /// What the prediction was calibrated with; see Settle.
  std::shared_ptr<const CapacityErrors> errors = {};
  /// What one replica will carry, at the asked shape.
  double rps_per_replica = 0;
  int replicas = 0;
  double usd_per_hour = 0;
  /// Infinite until settled.
  double worst_slack = 0;
  /// See SizingInput.
  double wait_budget_ms = -1;
  /// See Criteria::excellence; 1 until settled.
  double excellence = 1;
  /// Closeness to the ideal; until settled, the most that it could be.
  double score = 0;
  bool pareto_optimal = false;

  bool predicted() const { return fitted_rps > 0; }
  /// False while the capacity is the most that it could be.
  bool settled() const { return !predicted() || errors != nullptr; }
};

/// One that does not, in numbers only.
struct Infeasible {
  const ConfigurationEvidence* configuration = nullptr;
  const domain::Model* model = nullptr;
  const LoadCurve* curve = nullptr;
  const HardwareTerms* terms = nullptr;
  std::uint32_t index = 0;
  RejectionReason reason = RejectionReason::kSlo;
  /// Index of the limit concerned, for kSlo and kNotMeasured.
  int limit = -1;
  /// See Rejection::miss_factor.
  double miss_factor = 0;
  /// A fit says so, not a measurement.
  bool predicted = false;
  /// GPUs that would be needed, for kGpuInventory.
  double gpus_needed = 0;
};

using Verdict = std::variant<Feasible, Infeasible>;

/// Judges one configuration. `model` may be null. A capacity that is predicted
/// is the most that it could be: calibrating it takes longer than all the rest,
/// and most candidates of a large plan cannot win even so.
Verdict Evaluate(const ConfigurationEvidence& configuration, const domain::Model* model, const HardwareTerms& terms,
                 const PlanRequest& request);

/// Calibrates a candidate that is not settled. Its capacity does not rise and
/// its cost does not fall.
Verdict Settle(const Feasible& candidate, const PlanRequest& request);

/// The curve of the asked shape where it was measured without reaching any
/// limit, so that the fit counts only beyond it; else null.
const LoadCurve* MeasuredPart(const Feasible& candidate);

/// The replica that a settled candidate has several of.
Replica ReplicaOf(const Feasible& candidate, const PlanRequest& request);

/// The probability that one replica of a settled candidate carries its load
/// within the SLO; absent where nothing is known of it.
std::optional<double> SloConfidence(const Feasible& candidate);

/// True if `a` comes before `b`: by score, then cost, then the larger worst
/// slack, then index.
bool ComesBefore(const Feasible& a, const Feasible& b);

/// Marks the Pareto front over cost, worst slack and the probability of keeping
/// the SLO, and returns the positions
/// of the settled candidates in order.
std::vector<std::uint32_t> Rank(std::vector<Feasible>& candidates);

}  // namespace loadline::planning
