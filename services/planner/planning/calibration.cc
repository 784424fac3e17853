#include "services/planner/planning/calibration.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "services/planner/planning/decision_table.h"

namespace loadline::planning {
namespace {

using Shape = DecisionTable::Shape;
using Row = DecisionTable::Row;

// Draws the mean towards 0, as half a shape without error would.
constexpr double kShrinkage = 0.5;
// Planned with where there is nothing to calibrate on: half the capacity.
const double kMarginOfNothing = std::log(2.0);
constexpr double kDefaultRisk = 0.12;
// Each shape's error is compared with those of the others.
constexpr std::size_t kFewestShapes = 2;

// Errors of one shape, summed over the cells around each cell.
struct Smoothed {
  Row sum = {};
  Row weight = {};
};

Smoothed Smooth(const Shape& shape) {
  Smoothed smoothed;
  for (std::size_t of = 0; of < DecisionTable::kCells; ++of) {
    if (std::isnan(shape.errors[of])) continue;
    for (std::size_t at = 0; at < DecisionTable::kCells; ++at) {
      const double weight = DecisionTable::CellWeight(at, of);
      smoothed.sum[at] += weight * shape.errors[of];
      smoothed.weight[at] += weight;
    }
  }
  return smoothed;
}

std::vector<Smoothed> SmoothAll(const std::vector<Shape>& shapes) {
  std::vector<Smoothed> all;
  all.reserve(shapes.size());
  for (const Shape& shape : shapes) all.push_back(Smooth(shape));
  return all;
}

// The weight of "no error": a share of what a shape weighs, on average over all
// errors, as a shape with many cells has many of them.
double Shrinkage(const std::vector<Shape>& shapes) {
  double cells = 0;
  double squares = 0;
  for (const Shape& shape : shapes) {
    cells += static_cast<double>(shape.known);
    squares += static_cast<double>(shape.known * shape.known);
  }
  return kShrinkage * squares / cells / DecisionTable::kCells;
}

// The local mean of errors at one cell, of all shapes but `left_out`.
double LocalMean(const std::vector<Shape>& shapes, const std::vector<Smoothed>& smoothed,
                 const std::vector<double>& kernel, std::size_t left_out, std::size_t cell) {
  double sum = 0;
  double weight = Shrinkage(shapes);
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    if (i == left_out) continue;
    sum += kernel[i] * smoothed[i].sum[cell];
    weight += kernel[i] * smoothed[i].weight[cell];
  }
  return sum / weight;
}

std::vector<double> Kernels(const std::vector<Shape>& shapes, const LogShape& at, double bandwidth) {
  std::vector<double> kernels;
  kernels.reserve(shapes.size());
  for (const Shape& shape : shapes) kernels.push_back(ShapeKernel(shape.at, at, bandwidth));
  return kernels;
}

// What the correction of each shape, made without it, leaves of its errors.
std::vector<Row> Residuals(const std::vector<Shape>& shapes, double bandwidth) {
  const auto smoothed = SmoothAll(shapes);
  std::vector<Row> residuals;
  residuals.reserve(shapes.size());
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const auto kernels = Kernels(shapes, shapes[i].at, bandwidth);
    Row& row = residuals.emplace_back();
    for (std::size_t cell = 0; cell < DecisionTable::kCells; ++cell) {
      row[cell] = shapes[i].errors[cell] - LocalMean(shapes, smoothed, kernels, i, cell);
    }
  }
  return residuals;
}

struct Weighted {
  double value = 0;
  double weight = 0;
};

// The residuals of all shapes but `left_out` as seen from one shape and cell,
// by value. A shape counts the same however many of its cells are known.
std::vector<Weighted> Distribution(const std::vector<Shape>& shapes, const std::vector<Row>& residuals,
                                   const LogShape& asked, std::size_t left_out, std::size_t at) {
  std::vector<Weighted> values;
  values.reserve(shapes.size() * DecisionTable::kCells);
  double total = 0;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    if (i == left_out) continue;
    const double share = ShapeKernel(shapes[i].at, asked, kErrorBandwidth) / static_cast<double>(shapes[i].known);
    for (std::size_t cell = 0; cell < DecisionTable::kCells; ++cell) {
      if (std::isnan(residuals[i][cell])) continue;
      values.push_back({.value = residuals[i][cell], .weight = share * DecisionTable::CellWeight(at, cell)});
      total += values.back().weight;
    }
  }
  for (Weighted& value : values) value.weight /= total;
  std::sort(values.begin(), values.end(), [](const Weighted& a, const Weighted& b) { return a.value < b.value; });
  return values;
}

std::vector<LogShape> Places(const std::vector<Shape>& shapes) {
  std::vector<LogShape> places;
  places.reserve(shapes.size());
  for (const Shape& shape : shapes) places.push_back(shape.at);
  return places;
}

// The lowest value below or at which `share` of the weight lies.
template <typename Values>
double QuantileOf(const Values& values, double share) {
  double below = 0;
  for (const auto& value : values) {
    below += value.weight;
    if (below >= share) return value.value;
  }
  return values.back().value;
}

// How badly the shapes predict a low quantile of each other's errors: the mean
// pinball loss at the cells nearest to the asked limits.
double PinballLoss(const std::vector<Shape>& shapes, double bandwidth) {
  const auto residuals = Residuals(shapes, bandwidth);
  double loss = 0;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const std::size_t cell = DecisionTable::kCentre;
    if (std::isnan(residuals[i][cell])) continue;
    const auto others = Distribution(shapes, residuals, shapes[i].at, i, cell);
    const double error = residuals[i][cell] - std::min(0.0, QuantileOf(others, kDefaultRisk));
    loss += std::max(kDefaultRisk * error, (kDefaultRisk - 1) * error);
  }
  return loss;
}

// A limit in the middle of what was measured: a quantile of the latencies of
// all nodes, at p95, else at the mean.
std::optional<domain::Limit> TypicalLimit(const ConfigurationEvidence& configuration, domain::Metric metric,
                                          double share) {
  for (const auto statistic : {domain::Statistic::kP95, domain::Statistic::kMean}) {
    std::vector<double> latencies;
    for (const LoadCurve& curve : configuration.curves) {
      for (const double rate : curve.node_rates()) {
        if (const auto latency = curve.LatencyAt(metric, statistic, rate)) latencies.push_back(*latency);
      }
    }
    if (latencies.empty()) continue;
    const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(latencies.size() - 1));
    std::nth_element(latencies.begin(), latencies.begin() + at, latencies.end());
    return domain::Limit{.metric = metric, .statistic = statistic, .max_ms = latencies[static_cast<std::size_t>(at)]};
  }
  return std::nullopt;
}

// Limits so wide that hardly a curve reaches them leave nothing to compare but
// the curves' ends.
DecisionTable TableFor(const ConfigurationEvidence& configuration, std::span<const domain::Limit> limits,
                       double output_tokens) {
  DecisionTable table(configuration, limits, output_tokens);
  if (table.shapes().size() >= kFewestShapes) return table;
  return {configuration, limits, output_tokens, DecisionTable::Ends::kTellTheirRate};
}

}  // namespace

CapacityErrors CapacityErrors::At(const ConfigurationEvidence& configuration, std::span<const domain::Limit> limits,
                                  const domain::TrafficShape& asked) {
  const auto table = TableFor(configuration, limits, asked.output_tokens);
  const auto& shapes = table.shapes();
  CapacityErrors errors;
  errors.shapes_ = shapes.size();
  if (shapes.size() < kFewestShapes) return errors;
  const double bandwidth = configuration.performance->shape_bandwidth;
  const LogShape at = LogShape::Of(asked);
  errors.reach_ = ReachOf(Places(shapes), at);
  errors.correction_ =
      LocalMean(shapes, SmoothAll(shapes), Kernels(shapes, at, bandwidth), shapes.size(), DecisionTable::kCentre);
  errors.correction_ = std::min(errors.correction_, std::log(kMaxCorrection));
  for (const Weighted& value :
       Distribution(shapes, Residuals(shapes, bandwidth), at, shapes.size(), DecisionTable::kCentre)) {
    errors.residuals_.push_back({.value = value.value, .weight = value.weight});
  }
  return errors;
}

double CapacityErrors::ShapesInReach() const { return residuals_.empty() ? 0 : reach_ * static_cast<double>(shapes_); }

double CapacityErrors::Quantile(double share) const { return residuals_.empty() ? 0 : QuantileOf(residuals_, share); }

CapacityCalibration CapacityErrors::Calibrate(double point_rps, double confidence) const {
  const double risk = 1 - confidence;
  // With fewer shapes than odds the quantile is lower than any that was seen;
  // what is missing widens. Far outside of the shapes, each tells less.
  const double needed = std::max(2.0, std::round(confidence / risk));
  const double have = ShapesInReach();
  const double missing = std::max(0.0, 1 - have / needed) * kMarginOfNothing;
  double lower = std::min(0.0, Quantile(risk));
  if (missing > 0 && !residuals_.empty()) lower = std::min(lower, residuals_.front().value);
  const double upper = std::max(0.0, Quantile(1 - risk)) + missing;
  const double corrected = point_rps * std::exp(correction_);
  return {.point_rps = point_rps,
          .correction = std::exp(correction_),
          .margin = std::exp(lower - missing),
          .capacity_rps = {.lower = corrected * std::exp(lower - missing), .upper = corrected * std::exp(upper)},
          .shapes = static_cast<int>(shapes()),
          .few_shapes = missing > 0};
}

std::optional<double> CapacityErrors::ProbabilityOf(double rps, double point_rps) const {
  if (residuals_.empty()) return std::nullopt;
  const double needed = std::log(rps / point_rps) - correction_;
  double above = 0;
  for (const Residual& residual : residuals_) {
    if (residual.value >= needed) above += residual.weight;
  }
  // One more shape could err in any way.
  const double shapes = ShapesInReach();
  return (above * shapes + 0.5) / (shapes + 1);
}

double ChooseShapeBandwidth(const ConfigurationEvidence& configuration) {
  constexpr std::array kBandwidths = {1.0, 0.7, 1.5, 2.0, 3.0};  // the first wins ties
  constexpr std::array kQuartiles = {0.25, 0.5, 0.75};
  std::array<double, kBandwidths.size()> losses = {};
  for (const double share : kQuartiles) {
    const auto ttft = TypicalLimit(configuration, domain::Metric::kTtft, share);
    const auto itl = TypicalLimit(configuration, domain::Metric::kItl, share);
    if (!ttft || !itl) continue;
    const DecisionTable table(configuration, std::array{*ttft, *itl}, 1);
    if (table.shapes().size() <= kFewestShapes) continue;
    for (std::size_t i = 0; i < kBandwidths.size(); ++i) losses[i] += PinballLoss(table.shapes(), kBandwidths[i]);
  }
  return kBandwidths[static_cast<std::size_t>(std::min_element(losses.begin(), losses.end()) - losses.begin())];
}

}  // namespace loadline::planning
