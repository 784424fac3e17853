#include "services/planner/planning/performance_model.h"

#include <algorithm>
#include <cmath>

namespace loadline::planning {
namespace {

using Rows = std::vector<FitRow>;

// The benchmarks that kept up, in the curve's order: by rate.
Rows SteadyRows(const LoadCurve& curve, std::span<const domain::Benchmark* const> benchmarks, std::size_t number) {
  Rows rows;
  for (const LoadPoint& point : curve.points()) {
    if (point.saturated) break;  // all others are
    const auto at = std::lower_bound(
        benchmarks.begin(), benchmarks.end(), point.id,
        [](const domain::Benchmark* benchmark, const domain::BenchmarkId& id) { return benchmark->id < id; });
    rows.push_back(FitRowOf(**at, number));
  }
  return rows;
}

domain::TrafficShape MeanLengths(const Rows& rows, const domain::TrafficShape& fallback) {
  if (rows.empty()) return fallback;
  domain::TrafficShape sum;
  for (const FitRow& row : rows) {
    sum.input_tokens += row.input_tokens;
    sum.output_tokens += row.output_tokens;
  }
  const auto count = static_cast<double>(rows.size());
  return {.input_tokens = sum.input_tokens / count, .output_tokens = sum.output_tokens / count};
}

// The fit to all curves but `left_out`; past the end leaves none out.
PerformanceFit FitWithout(const std::vector<Rows>& curves, std::size_t left_out) {
  Rows rows;
  std::size_t shapes = 0;
  for (std::size_t i = 0; i < curves.size(); ++i) {
    if (i == left_out || curves[i].empty()) continue;
    ++shapes;
    rows.insert(rows.end(), curves[i].begin(), curves[i].end());
  }
  if (shapes < PerformanceFit::kMinShapes || rows.size() < PerformanceFit::kMinRows) return {};
  return PerformanceFit::Of(rows);
}

}  // namespace

std::size_t PerformanceModel::heap_bytes() const {
  return sizeof(*this) + without.capacity() * sizeof(PerformanceFit) +
         lengths.capacity() * sizeof(domain::TrafficShape);
}

std::shared_ptr<PerformanceModel> FitPerformance(
    const std::vector<LoadCurve>& curves, std::span<const std::span<const domain::Benchmark* const>> benchmarks) {
  std::vector<Rows> rows;
  rows.reserve(curves.size());
  for (std::size_t i = 0; i < curves.size(); ++i) rows.push_back(SteadyRows(curves[i], benchmarks[i], i));
  auto model = std::make_shared<PerformanceModel>(
      PerformanceModel{.fit = FitWithout(rows, rows.size()), .without = {}, .lengths = {}});
  if (!model->fit.HasStay()) return nullptr;
  model->without.reserve(rows.size());
  model->lengths.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    model->without.push_back(FitWithout(rows, i));
    model->lengths.push_back(MeanLengths(rows[i], curves[i].shape()));
  }
  const auto tells = [](const PerformanceFit& fit) { return fit.HasStay(); };
  if (std::none_of(model->without.begin(), model->without.end(), tells)) model->without = {};
  return model;
}

}  // namespace loadline::planning
