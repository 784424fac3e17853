#include "bench/scorecard/held_out.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "services/planner/planning/shape_fit.h"

namespace loadline::bench {
namespace {

using domain::Metric;
using domain::Statistic;

double Rate(const domain::Benchmark& row) { return *row.measurement.load.achieved_rps; }

bool Holds(const domain::Benchmark& row, const Limits& limits) {
  return std::all_of(limits.begin(), limits.end(), [&](const domain::Limit& limit) {
    return *row.measurement[limit.metric][limit.statistic] <= limit.max_ms;
  });
}

// Where a latency crosses a limit: 0 below the first row, infinite above all.
double Crossing(const std::vector<domain::Benchmark>& rows, const domain::Limit& limit) {
  double before_ms = 0;
  double before_rate = 0;
  for (const domain::Benchmark& row : rows) {
    const double latency = std::max(before_ms, *row.measurement[limit.metric][limit.statistic]);
    if (latency > limit.max_ms) {
      if (before_ms == 0) return 0;
      const double part = std::log(limit.max_ms / before_ms) / std::log(latency / before_ms);
      return before_rate + part * (Rate(row) - before_rate);
    }
    before_ms = latency;
    before_rate = Rate(row);
  }
  return std::numeric_limits<double>::infinity();
}

planning::PlanningCatalog Catalog(const std::string& hardware) {
  planning::PlanningCatalog catalog;
  catalog.hardware[hardware] = {.name = hardware,
                                .memory_gib = {},
                                .prices = {{.provider = "any", .purchase_option = "on_demand", .usd_per_gpu_hour = 1}},
                                .aliases = {}};
  return catalog;
}

std::string TextOf(const Limits& limits) {
  std::string text;
  for (const domain::Limit& limit : limits) text += (text.empty() ? "" : ";") + limit.ToString();
  return text;
}

}  // namespace

HeldOut::HeldOut(const std::vector<domain::Benchmark>& benchmarks, const domain::TrafficShape& held) : held_(held) {
  for (const domain::Benchmark& row : benchmarks) (row.shape == held ? rows_ : other_rows_).push_back(row);
  std::sort(rows_.begin(), rows_.end(),
            [](const domain::Benchmark& a, const domain::Benchmark& b) { return Rate(a) < Rate(b); });
  for (const domain::Benchmark& row : rows_) {
    lengths_.input_tokens += *row.measurement.input_lengths.mean / static_cast<double>(rows_.size());
    lengths_.output_tokens += *row.measurement.output_lengths.mean / static_cast<double>(rows_.size());
  }
  const auto& model = other_rows_.front().measurement.configuration.model;
  evidence_ = std::make_shared<const planning::ModelEvidence>(planning::BuildModelEvidence(model, other_rows_));
}

std::optional<double> HeldOut::Truth(const Limits& limits) const {
  double rate = std::numeric_limits<double>::infinity();
  for (const domain::Limit& limit : limits) rate = std::min(rate, Crossing(rows_, limit));
  return std::isinf(rate) ? std::nullopt : std::optional(rate);
}

double HeldOut::Plan(const Limits& limits) const {
  planning::PlanRequest request{.shape = lengths_, .rps = 1, .slo = domain::Slo::Parse(TextOf(limits)).value()};
  request.policy = planning::MatchPolicy::kAuto;
  request.headroom = 1;
  const auto plan = planning::PlanCapacity({evidence_}, Catalog(others().configuration.hardware), request);
  return plan.options.empty() ? 0 : plan.options.front().capacity.rps;
}

const planning::PerformanceFit* HeldOut::fit() const {
  const auto& performance = others().performance;
  return performance == nullptr ? nullptr : &performance->fit;
}

double HeldOut::Point(const Limits& limits) const {
  if (fit() == nullptr || planning::LimitWithoutFit(*fit(), limits) >= 0) return 0;
  return planning::CapacityOf(planning::ShapeFit(*fit(), lengths_), limits,
                              planning::kExtrapolation * fit()->most_in_flight())
      .rps;
}

std::vector<double> HeldOut::Nearest(const Limits& limits, bool rescaled) const {
  const auto distance = [&](const domain::TrafficShape& shape) {
    return std::abs(std::log(shape.input_tokens / held_.input_tokens)) +
           std::abs(std::log(shape.output_tokens / held_.output_tokens));
  };
  std::map<domain::TrafficShape, double> carried;
  double nearest = std::numeric_limits<double>::infinity();
  for (const domain::Benchmark& row : other_rows_) {
    double& most = carried[row.shape];
    if (Holds(row, limits)) most = std::max(most, Rate(row));
    nearest = std::min(nearest, distance(row.shape));
  }
  std::vector<double> decisions;
  for (const auto& [shape, most] : carried) {
    if (distance(shape) > nearest + 1e-9) continue;
    const double tokens = shape.input_tokens + shape.output_tokens;
    decisions.push_back(rescaled ? most * tokens / (held_.input_tokens + held_.output_tokens) : most);
  }
  return decisions;
}

}  // namespace loadline::bench
