#pragma once

namespace loadline::planning {

/// A point of a curve: latency in ms at an achieved rate in requests/s.
struct CurveNode {
  double rate = 0;
  double latency = 0;
};

/// The stretch of a curve between two neighbouring nodes, with the nodes next
/// to them where there are any: what a PCHIP interpolant of that stretch needs.
/// Rates rise and latencies do not fall from node to node.
struct CurveSegment {
  CurveNode before, left, right, after;
  bool has_before = false;
  bool has_after = false;
};

/// The cubic on one segment of the piecewise cubic Hermite interpolant of
/// Fritsch and Butland (SIAM J. Sci. Stat. Comput. 5 (1984) 300): it passes
/// through the nodes and never falls between them. End slopes are the
/// shape-preserving three-point ones, so values equal scipy's PchipInterpolator.
class SegmentCubic {
 public:
  explicit SegmentCubic(const CurveSegment& segment);

  /// The latency at `rate`, which lies in [left.rate, right.rate].
  double At(double rate) const;
  /// The highest rate whose latency is at most `latency`, which lies in
  /// [left.latency, right.latency).
  double RateAt(double latency) const;

 private:
  double Value(double t) const { return y0_ + t * (c1_ + t * (c2_ + t * c3_)); }
  double Slope(double t) const { return c1_ + t * (2 * c2_ + t * 3 * c3_); }

  double x0_, width_, y0_, y1_;
  double c1_, c2_, c3_;
};

}  // namespace loadline::planning
