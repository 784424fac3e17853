#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "libs/domain/slo.h"
#include "services/planner/planning/model_evidence.h"
#include "services/planner/planning/prediction.h"

namespace loadline::planning {

/// An upward correction of a predicted capacity is at most this, so that a
/// plan can tell early which predictions cannot win.
inline constexpr double kMaxCorrection = 1.5;

/// How far off predicted capacities are, learnt from decisions: for every
/// measured shape s and for limits scaled by 0.7 to 1.4 around those of an SLO,
///
///     y(s) = ln(capacity measured at s / capacity predicted by the fit without s)
///
/// A kernel-weighted mean of y around the asked shape corrects the prediction;
/// the kernel-weighted distribution of what the same correction leaves of y at
/// each shape, corrected without it, says how sure the rest is. See
/// docs/METHOD.md. A plain value; making one takes some tens of microseconds.
class CapacityErrors {
 public:
  /// `configuration.performance` must be there; `limits` are those at `asked`.
  static CapacityErrors At(const ConfigurationEvidence& configuration, std::span<const domain::Limit> limits,
                           const domain::TrafficShape& asked);

  /// The calibration of a capacity of `point_rps` so that a share `confidence`
  /// of such decisions is safe.
  CapacityCalibration Calibrate(double point_rps, double confidence) const;

  /// The probability that the capacity is at least `rps` where the fit says
  /// `point_rps`; absent where fewer than two shapes took part. Never 0 or 1.
  std::optional<double> ProbabilityOf(double rps, double point_rps) const;

  /// Measured shapes that took part; 0 where they were too few.
  std::size_t shapes() const { return residuals_.empty() ? 0 : shapes_; }

 private:
  struct Residual {
    double value = 0;
    double weight = 0;
  };

  double Quantile(double share) const;
  /// How many shapes what is known is worth at the asked one.
  double ShapesInReach() const;

  double correction_ = 0;  // natural logarithm
  // By value, with weights that add up to 1.
  std::vector<Residual> residuals_;
  std::size_t shapes_ = 0;
  double reach_ = 0;  // see ReachOf
};

/// The bandwidth, of a few, with which the measured shapes predict each other's
/// errors best (lowest pinball loss at the default confidence), at limits in
/// the middle of what was measured.
double ChooseShapeBandwidth(const ConfigurationEvidence& configuration);

}  // namespace loadline::planning
