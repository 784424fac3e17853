#include "tests/unit/services/planner/planning/curves.h"

#include <stdexcept>
#include <utility>

namespace loadline::planning::testing {
namespace {

domain::LatencySummary Spread(double p95) {
  domain::LatencySummary summary;
  summary.values = {0.7 * p95, 0.6 * p95, 0.9 * p95, p95, 1.3 * p95};
  return summary;
}

}  // namespace

domain::Configuration On(std::string hardware, int count, domain::Configuration base) {
  base.hardware = std::move(hardware);
  base.hardware_count = count;
  return base;
}

std::vector<domain::Benchmark> Benchmarks(const domain::Configuration& configuration, const domain::TrafficShape& shape,
                                          const std::vector<Row>& rows) {
  std::vector<domain::Benchmark> benchmarks;
  for (const Row& row : rows) {
    domain::Measurement m{.configuration = configuration};
    m.input_lengths.nominal = shape.input_tokens;
    m.output_lengths.nominal = shape.output_tokens;
    m.load = {.offered_rps = row.offered.value_or(row.rps), .achieved_rps = row.rps, .saturated = row.saturated};
    m.ttft = Spread(row.ttft_p95);
    m.itl = Spread(row.itl_p95);
    m.e2e = Spread(row.ttft_p95 + row.itl_p95 * (shape.output_tokens - 1));
    m.tokens_per_second = row.rps * shape.output_tokens;
    const auto id = domain::BenchmarkId::Of(m);
    benchmarks.push_back({.id = id, .shape = shape, .revision = 1, .measurement = std::move(m)});
  }
  return benchmarks;
}

LoadCurve Curve(const std::vector<Row>& rows, const domain::TrafficShape& shape) {
  const auto benchmarks = Benchmarks(kSmall, shape, rows);
  std::vector<const domain::Benchmark*> pointers;
  for (const auto& benchmark : benchmarks) pointers.push_back(&benchmark);
  return LoadCurve::Build(pointers);
}

domain::Slo SloOf(const std::string& text) {
  auto slo = domain::Slo::Parse(text);
  if (!slo) throw std::invalid_argument(slo.error().message);
  return *std::move(slo);
}

std::vector<std::shared_ptr<const ModelEvidence>> EvidenceOf(const std::vector<domain::Benchmark>& benchmarks) {
  std::map<std::string, std::vector<domain::Benchmark>> by_model;
  for (const auto& benchmark : benchmarks) by_model[benchmark.measurement.configuration.model].push_back(benchmark);
  std::vector<std::shared_ptr<const ModelEvidence>> evidence;
  for (const auto& [model, rows] : by_model) {
    evidence.push_back(std::make_shared<const ModelEvidence>(BuildModelEvidence(model, rows)));
  }
  return evidence;
}

PlanningCatalog Catalog() {
  PlanningCatalog catalog;
  catalog.models["acme/tiny-8b"] = {.name = "acme/tiny-8b", .parameters_billion = 8.0, .kv_bytes_per_token = 131072.0};
  catalog.hardware["H100"] = {
      .name = "H100",
      .memory_gib = 80.0,
      .prices = {{"acme", "on_demand", 2.0}, {"zenith", "on_demand", 3.0}, {"zenith", "spot", 1.0}},
      .aliases = {}};
  catalog.hardware["L4"] = {.name = "L4", .memory_gib = 24.0, .prices = {{"acme", "on_demand", 0.5}}, .aliases = {}};
  catalog.hardware["B200"] = {.name = "B200", .memory_gib = 192.0, .prices = {}, .aliases = {}};
  return catalog;
}

PlanRequest Request(const std::string& slo, double rps) { return {.shape = kShape, .rps = rps, .slo = SloOf(slo)}; }

}  // namespace loadline::planning::testing
