#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libs/domain/benchmark.h"
#include "libs/domain/slo.h"
#include "services/planner/planning/model_evidence.h"
#include "services/planner/planning/plan.h"

namespace loadline::planning::testing {

/// One hand-made benchmark. Latencies are given at p95; the other statistics
/// follow in fixed proportions (mean 0.7, p50 0.6, p90 0.9, p99 1.3), so that a
/// limit on any of them can be checked by hand.
struct Row {
  double rps = 1;
  double ttft_p95 = 100;
  double itl_p95 = 10;
  /// The offered rate; absent: the achieved one.
  std::optional<double> offered = {};
  bool saturated = false;
};

inline const domain::Configuration kSmall{.model = "acme/tiny-8b",
                                          .precision = "bf16",
                                          .hardware = "H100",
                                          .hardware_count = 1,
                                          .framework = "vllm",
                                          .framework_version = "0.11.0"};
inline const domain::TrafficShape kShape{.input_tokens = 512, .output_tokens = 256};

/// The configuration on other hardware.
domain::Configuration On(std::string hardware, int count = 1, domain::Configuration base = kSmall);

std::vector<domain::Benchmark> Benchmarks(const domain::Configuration& configuration, const domain::TrafficShape& shape,
                                          const std::vector<Row>& rows);

LoadCurve Curve(const std::vector<Row>& rows, const domain::TrafficShape& shape = kShape);

domain::Slo SloOf(const std::string& text);

/// Evidence of all `benchmarks`, by model.
std::vector<std::shared_ptr<const ModelEvidence>> EvidenceOf(const std::vector<domain::Benchmark>& benchmarks);

/// H100: 80 GiB, acme 2.00 on demand, zenith 3.00 on demand and 1.00 spot.
/// L4: 24 GiB, acme 0.50. B200: 192 GiB, no price.
/// acme/tiny-8b has 8 billion parameters and 131,072 KV bytes a token.
PlanningCatalog Catalog();

/// 10 requests/s of kShape within ttft:p95<500ms;itl:p95<40ms.
PlanRequest Request(const std::string& slo = "ttft:p95<500ms;itl:p95<40ms", double rps = 10);

}  // namespace loadline::planning::testing
