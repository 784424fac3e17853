#include "services/planner/planning/model_evidence.h"

#include <algorithm>
#include <span>
#include <utility>

#include "services/planner/planning/calibration.h"

namespace loadline::planning {
namespace {

using domain::Benchmark;
using Rows = std::span<const Benchmark* const>;

std::vector<const Benchmark*> Sorted(const std::vector<Benchmark>& benchmarks) {
  std::vector<const Benchmark*> rows;
  rows.reserve(benchmarks.size());
  for (const Benchmark& row : benchmarks) rows.push_back(&row);
  std::sort(rows.begin(), rows.end(), [](const Benchmark* a, const Benchmark* b) {
    const auto order = a->measurement.configuration <=> b->measurement.configuration;
    if (order != 0) return order < 0;
    return std::pair(a->shape, a->id) < std::pair(b->shape, b->id);
  });
  return rows;
}

// The rows at the front that belong together.
template <typename Same>
Rows FrontGroup(Rows rows, Same same) {
  std::size_t count = 1;
  while (count < rows.size() && same(*rows.front(), *rows[count])) ++count;
  return rows.first(count);
}

std::vector<Rows> CurvesOf(Rows rows) {
  std::vector<Rows> curves;
  while (!rows.empty()) {
    curves.push_back(FrontGroup(rows, [](const Benchmark& a, const Benchmark& b) { return a.shape == b.shape; }));
    rows = rows.subspan(curves.back().size());
  }
  return curves;
}

ConfigurationEvidence BuildConfiguration(Rows rows) {
  ConfigurationEvidence evidence{
      .configuration = rows.front()->measurement.configuration, .curves = {}, .weight_bits = {}};
  evidence.weight_bits = domain::WeightBits(evidence.configuration);
  const auto curves = CurvesOf(rows);
  evidence.curves.reserve(curves.size());
  for (const Rows& curve : curves) evidence.curves.push_back(LoadCurve::Build(curve));
  const auto performance = FitPerformance(evidence.curves, curves);
  evidence.performance = performance;
  if (performance != nullptr) performance->shape_bandwidth = ChooseShapeBandwidth(evidence);
  return evidence;
}

std::size_t BytesOf(const std::string& text) {
  return text.capacity() > std::string().capacity() ? text.capacity() : 0;
}

std::size_t BytesOf(const ConfigurationEvidence& evidence) {
  const auto& c = evidence.configuration;
  std::size_t bytes = sizeof(evidence) + BytesOf(c.model) + BytesOf(c.precision) + BytesOf(c.hardware) +
                      BytesOf(c.framework) + BytesOf(c.framework_version);
  bytes += evidence.curves.capacity() * sizeof(LoadCurve);
  for (const LoadCurve& curve : evidence.curves) bytes += curve.heap_bytes();
  if (evidence.performance != nullptr) bytes += evidence.performance->heap_bytes();
  return bytes;
}

}  // namespace

ModelEvidence BuildModelEvidence(std::string model, const std::vector<Benchmark>& benchmarks) {
  ModelEvidence evidence{.model = std::move(model),
                         .configurations = {},
                         .bytes = sizeof(ModelEvidence),
                         .benchmark_count = benchmarks.size()};
  const auto sorted = Sorted(benchmarks);
  Rows rows = sorted;
  while (!rows.empty()) {
    const Rows group = FrontGroup(rows, [](const Benchmark& a, const Benchmark& b) {
      return a.measurement.configuration == b.measurement.configuration;
    });
    evidence.configurations.push_back(BuildConfiguration(group));
    rows = rows.subspan(group.size());
  }
  evidence.configurations.shrink_to_fit();
  for (const auto& configuration : evidence.configurations) evidence.bytes += BytesOf(configuration);
  return evidence;
}

}  // namespace loadline::planning
