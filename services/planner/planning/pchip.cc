#include "services/planner/planning/pchip.h"

#include <algorithm>
#include <cmath>

namespace loadline::planning {
namespace {

struct Step {
  double width;
  double slope;
};

Step Between(const CurveNode& a, const CurveNode& b) {
  const double width = b.rate - a.rate;
  return {width, (b.latency - a.latency) / width};
}

// Weighted harmonic mean of the slopes on both sides; 0 beside a flat stretch.
double InnerSlope(const Step& left, const Step& right) {
  if (left.slope <= 0 || right.slope <= 0) return 0;
  const double w1 = 2 * right.width + left.width;
  const double w2 = right.width + 2 * left.width;
  return (w1 + w2) / (w1 / left.slope + w2 / right.slope);
}

// The three-point formula at an end of the curve, bent back where it would
// overshoot. `near` is the stretch at the end, `far` the next one.
double EndSlope(const Step& near, const Step& far) {
  const double slope = ((2 * near.width + far.width) * near.slope - near.width * far.slope) / (near.width + far.width);
  if (slope <= 0 || near.slope <= 0) return 0;
  if (far.slope <= 0 && slope > 3 * near.slope) return 3 * near.slope;
  return slope;
}

}  // namespace

SegmentCubic::SegmentCubic(const CurveSegment& segment)
    : x0_(segment.left.rate),
      width_(segment.right.rate - segment.left.rate),
      y0_(segment.left.latency),
      y1_(segment.right.latency) {
  const Step here = Between(segment.left, segment.right);
  const Step before = segment.has_before ? Between(segment.before, segment.left) : here;
  const Step after = segment.has_after ? Between(segment.right, segment.after) : here;
  double start = here.slope;
  double end = here.slope;
  if (segment.has_before || segment.has_after) {
    start = segment.has_before ? InnerSlope(before, here) : EndSlope(here, after);
    end = segment.has_after ? InnerSlope(here, after) : EndSlope(here, before);
  }
  // In t = (rate - x0) / width.
  c1_ = start * width_;
  c2_ = 3 * (y1_ - y0_) - (2 * start + end) * width_;
  c3_ = (start + end) * width_ - 2 * (y1_ - y0_);
}

double SegmentCubic::At(double rate) const { return std::clamp(Value((rate - x0_) / width_), y0_, y1_); }

double SegmentCubic::RateAt(double latency) const {
  double low = 0;
  double high = 1;
  double t = (latency - y0_) / (y1_ - y0_);
  // Newton's method, halving the bracket where it would leave it; a cubic that
  // does not fall needs few steps, and 60 halvings exhaust a double.
  for (int step = 0; step < 60 && high - low > 1e-14; ++step) {
    const double excess = Value(t) - latency;
    (excess <= 0 ? low : high) = t;
    if (std::abs(excess) <= 1e-13 * y1_) break;
    const double newton = t - excess / Slope(t);
    t = newton > low && newton < high ? newton : (low + high) / 2;
  }
  return x0_ + width_ * t;
}

}  // namespace loadline::planning
