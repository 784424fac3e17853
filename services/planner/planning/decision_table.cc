#include "services/planner/planning/decision_table.h"

#include <algorithm>
#include <limits>

#include "services/planner/planning/shape_fit.h"

namespace loadline::planning {
namespace {

using domain::Metric;
using Limits = std::span<const domain::Limit>;

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kScaleCount = DecisionTable::kScales.size();
using PerScale = std::array<double, kScaleCount>;

// Limits that are scaled together.
enum class Group { kTtft, kDecode };
Group GroupOf(Metric metric) { return metric == Metric::kTtft ? Group::kTtft : Group::kDecode; }

// What one curve carries within the limits of a group, by scale: 0 where a limit
// fails at the lowest load, infinite where all hold to the end, NaN where one
// was not measured.
PerScale Measured(const LoadCurve& curve, Limits limits, Group group) {
  PerScale rates;
  rates.fill(std::numeric_limits<double>::infinity());
  for (const domain::Limit& limit : limits) {
    if (GroupOf(limit.metric) != group) continue;
    for (std::size_t i = 0; i < kScaleCount; ++i) {
      const auto crossing = curve.CrossingOf(limit.metric, limit.statistic, limit.max_ms * DecisionTable::kScales[i]);
      switch (crossing.kind) {
        case CurveCrossing::Kind::kNotMeasured: rates[i] = kNothing; break;
        case CurveCrossing::Kind::kFailsAtFirst: rates[i] = std::min(rates[i], 0.0); break;
        case CurveCrossing::Kind::kCrosses: rates[i] = std::min(rates[i], crossing.rps); break;
        case CurveCrossing::Kind::kHolds: break;
      }
    }
  }
  return rates;
}

PerScale Predicted(const ShapeFit& fit, Limits limits, Group group, double max_in_flight) {
  PerScale rates;
  rates.fill(std::numeric_limits<double>::infinity());
  for (const domain::Limit& limit : limits) {
    if (GroupOf(limit.metric) != group) continue;
    for (std::size_t i = 0; i < kScaleCount; ++i) {
      rates[i] = std::min(rates[i], fit.RateWithin(limit.metric, limit.statistic,
                                                   limit.max_ms * DecisionTable::kScales[i], max_in_flight));
    }
  }
  return rates;
}

// Both groups of limits, each at its own scale.
double Both(const PerScale& ttft, const PerScale& decode, std::size_t cell) {
  const double a = ttft[cell / kScaleCount];
  const double b = decode[cell % kScaleCount];
  return std::isnan(a) || std::isnan(b) ? kNothing : std::min(a, b);
}

double ErrorOf(const LoadCurve& curve, double measured, double predicted) {
  if (std::isinf(measured) && curve.ends_saturated()) measured = curve.node_rates().back();
  if (!std::isfinite(measured) || !(predicted > 0) || !std::isfinite(predicted)) return kNothing;
  // A capacity below the lowest load that was measured: half of that, say.
  if (measured == 0) measured = curve.node_rates().front() / 2;
  return std::log(measured / predicted);
}

// What was measured at a curve's end, and what the fit says of as many requests
// in flight, where the limits hold there; else as they are.
void ReadEnd(const LoadCurve& curve, const ShapeFit& fit, double& measured, double& predicted) {
  const auto in_flight = curve.EndInFlight();
  if (!std::isinf(measured) || !in_flight) return;
  measured = curve.node_rates().back();
  predicted = std::min(predicted, fit.RateWithin(*in_flight));
}

DecisionTable::Shape Compare(const LoadCurve& curve, const PerformanceFit& fit, const domain::TrafficShape& lengths,
                             Limits limits, DecisionTable::Ends ends) {
  const ShapeFit at(fit, lengths);
  const double most = fit.most_in_flight() * kExtrapolation;
  const auto measured_ttft = Measured(curve, limits, Group::kTtft);
  const auto measured_decode = Measured(curve, limits, Group::kDecode);
  const auto predicted_ttft = Predicted(at, limits, Group::kTtft, most);
  const auto predicted_decode = Predicted(at, limits, Group::kDecode, most);
  DecisionTable::Shape shape{.at = LogShape::Of(curve.shape())};
  for (std::size_t cell = 0; cell < DecisionTable::kCells; ++cell) {
    double measured = Both(measured_ttft, measured_decode, cell);
    double predicted = Both(predicted_ttft, predicted_decode, cell);
    if (ends == DecisionTable::Ends::kTellTheirRate) ReadEnd(curve, at, measured, predicted);
    shape.errors[cell] = ErrorOf(curve, measured, predicted);
    if (!std::isnan(shape.errors[cell])) ++shape.known;
  }
  return shape;
}

std::array<DecisionTable::Row, DecisionTable::kCells> CellWeights() {
  constexpr double kBandwidth = 0.3;
  const auto distance = [](std::size_t a, std::size_t b) {
    return std::log(DecisionTable::kScales[a] / DecisionTable::kScales[b]) / kBandwidth;
  };
  std::array<DecisionTable::Row, DecisionTable::kCells> weights = {};
  for (std::size_t a = 0; a < DecisionTable::kCells; ++a) {
    for (std::size_t b = 0; b < DecisionTable::kCells; ++b) {
      const double ttft = distance(a / kScaleCount, b / kScaleCount);
      const double decode = distance(a % kScaleCount, b % kScaleCount);
      weights[a][b] = std::exp(-(ttft * ttft + decode * decode) / 2);
    }
  }
  return weights;
}

std::vector<domain::Limit> InProportion(Limits limits, double output_ratio) {
  std::vector<domain::Limit> scaled(limits.begin(), limits.end());
  for (domain::Limit& limit : scaled) {
    if (limit.metric == Metric::kE2e) limit.max_ms *= output_ratio;
  }
  return scaled;
}

}  // namespace

double DecisionTable::CellWeight(std::size_t at, std::size_t of) {
  static const auto weights = CellWeights();
  return weights[at][of];
}

DecisionTable::DecisionTable(const ConfigurationEvidence& configuration, std::span<const domain::Limit> limits,
                             double output_tokens, Ends ends) {
  const PerformanceModel& model = *configuration.performance;
  shapes_.reserve(configuration.curves.size());
  for (std::size_t i = 0; i < configuration.curves.size(); ++i) {
    const PerformanceFit* fit = model.Without(i);
    if (fit == nullptr || LimitWithoutFit(*fit, limits) >= 0) continue;
    const auto scaled = InProportion(limits, model.lengths[i].output_tokens / output_tokens);
    const Shape shape = Compare(configuration.curves[i], *fit, model.lengths[i], scaled, ends);
    if (shape.known > 0) shapes_.push_back(shape);
  }
}

}  // namespace loadline::planning
