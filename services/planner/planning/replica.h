#pragma once

#include <optional>

#include "libs/domain/latency.h"
#include "services/planner/planning/lengths.h"
#include "services/planner/planning/load_curve.h"
#include "services/planner/planning/shape_fit.h"

namespace loadline::planning {

/// The latencies of one replica at the asked shape, by the rate that it
/// carries: read from a measured curve, or from a fit. Points at its curve and
/// lengths, which must outlive it; else a plain value.
class Replica {
 public:
  /// `rescale`: requests/s at the asked shape for one of the curve's.
  Replica(const LoadCurve& curve, double rescale, const LengthHistogram* lengths)
      : curve_(&curve), factor_(rescale), lengths_(lengths) {}
  /// `correction`: the capacity is that many times what the fit says, so a rate
  /// has the latencies of so much less. `measured` may be null; else it is the
  /// curve of the asked shape, which counts up to its end.
  Replica(const ShapeFit& fit, double correction, const LoadCurve* measured, const LengthHistogram* lengths)
      : curve_(measured), fit_(fit), factor_(correction), lengths_(lengths) {}

  /// In ms; absent where nothing is known. Never falls as `rps` rises. With
  /// lengths, E2E is that of requests of those lengths.
  domain::Reading LatencyAt(domain::Metric metric, domain::Statistic statistic, double rps) const;

  /// All statistics of a metric at `rps`, p50 <= p90 <= p95 <= p99.
  domain::LatencySummary SummaryAt(domain::Metric metric, double rps) const;

 private:
  domain::Reading Plain(domain::Metric metric, domain::Statistic statistic, double rps) const;
  domain::Reading Fitted(domain::Metric metric, domain::Statistic statistic, double rps) const;

  const LoadCurve* curve_ = nullptr;
  std::optional<ShapeFit> fit_;
  double factor_ = 1;
  const LengthHistogram* lengths_ = nullptr;
};

/// The highest rate up to `most` at which `replica` holds `limit`, by halving;
/// 0 if it holds at none. For E2E limits that lengths decide, which have no
/// inverse.
double RateWithin(const Replica& replica, const domain::Limit& limit, double most);

}  // namespace loadline::planning
