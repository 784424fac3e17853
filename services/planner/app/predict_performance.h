#pragma once

#include <optional>
#include <vector>

#include "services/planner/app/match_benchmark.h"
#include "services/planner/planning/predict_performance.h"

namespace loadline::planner {

/// What PredictPerformance was asked. Nothing is checked yet, beside what could
/// not be decoded, which `violations` holds.
struct PredictQuery {
  /// The configuration, as far as it was named. Canonical but for hardware.
  domain::BenchmarkFilter filter = {};
  std::optional<AskedShape> shape = {};
  std::optional<double> rps = {};
  std::optional<double> concurrency = {};
  std::optional<double> confidence = {};
  std::vector<base::FieldViolation> violations = {};
};

struct PredictAnswer {
  domain::Configuration configuration;
  /// The request as it was understood.
  planning::PerformanceRequest request;
  planning::Performance performance;
  Freshness freshness;
};

/// Tells the latencies of one replica at one load; errors as in
/// planner_service.proto.
base::Result<PredictAnswer> PredictPerformance(EvidenceCache& cache, const PredictQuery& query, const CallScope& scope);

}  // namespace loadline::planner
