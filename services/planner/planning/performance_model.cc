#include "services/planner/planning/performance_model.h"

#include <algorithm>
#include <cmath>

namespace loadline::planning {
namespace {

using Rows = std::vector<FitRow>;

Rows SteadyRows(std::span<const domain::Benchmark* const> curve) {
  Rows rows;
  for (const domain::Benchmark* benchmark : curve) {
    if (benchmark->measurement.load.saturated) continue;
    rows.push_back(FitRowOf(*benchmark));
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

std::shared_ptr<PerformanceModel> FitPerformance(std::span<const std::span<const domain::Benchmark* const>> curves) {
  std::vector<Rows> rows;
  rows.reserve(curves.size());
  for (const auto& curve : curves) rows.push_back(SteadyRows(curve));
  auto model = std::make_shared<PerformanceModel>(
      PerformanceModel{.fit = FitWithout(rows, rows.size()), .without = {}, .lengths = {}});
  if (!model->fit.HasStay()) return nullptr;
  model->without.reserve(rows.size());
  model->lengths.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    model->without.push_back(FitWithout(rows, i));
    model->lengths.push_back(MeanLengths(rows[i], curves[i].front()->shape));
  }
  return model;
}

}  // namespace loadline::planning
