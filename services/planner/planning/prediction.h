#pragma once

namespace loadline::planning {

/// A range of a number, both ends included.
struct Interval {
  double lower = 0;
  double upper = 0;

  friend bool operator==(const Interval&, const Interval&) = default;
};

/// How a predicted capacity relates to what the fit alone says, and how sure it
/// is. Calibrated on decisions: over the other measured shapes, how much the
/// capacity that was measured differs from the one predicted without them.
struct CapacityCalibration {
  /// The fit's own capacity, requests/s at the asked shape.
  double point_rps = 0;
  /// Measured / predicted capacity of the shapes nearby: > 0; 1 = no correction.
  double correction = 1;
  /// The factor, at most 1, that makes `confidence` of such decisions safe.
  double margin = 1;
  /// The range that holds the capacity with probability 1 - 2 (1 - confidence),
  /// requests/s: `lower` is what is planned with.
  Interval capacity_rps;
  /// Measured shapes that took part.
  int shapes = 0;
  /// True where too few shapes took part, or the asked one is too far from all of
  /// them, to know `confidence`; the margin was widened instead.
  bool few_shapes = false;
};

}  // namespace loadline::planning
