#pragma once

#include <optional>
#include <vector>

#include "libs/domain/filter.h"
#include "services/planner/evidence/evidence_cache.h"
#include "services/planner/planning/match.h"

namespace loadline::planner {

/// Token lengths as they were sent; nothing is checked yet.
struct AskedShape {
  double input_tokens = 0;
  double output_tokens = 0;
};

/// What MatchBenchmark was asked. Nothing is checked yet, beside what could
/// not be decoded, which `violations` holds.
struct MatchQuery {
  /// Canonical but for hardware.
  domain::BenchmarkFilter filter = {};
  std::optional<AskedShape> shape = {};
  std::optional<double> rps = {};
  std::vector<base::FieldViolation> violations = {};
};

struct MatchAnswer {
  planning::Match match;
  Freshness freshness;
  /// What `match` points into.
  std::shared_ptr<const ModelList> evidence;
};

/// What a filter selects from.
struct Selected {
  /// The filter with hardware by its canonical name.
  domain::BenchmarkFilter filter;
  /// The evidence of the filter's model, or of all.
  std::shared_ptr<const ModelList> evidence;
};

/// Reads the evidence that `filter` selects from. Fails with `kNotFound`
/// (`UNKNOWN_MODEL`, `UNKNOWN_HARDWARE`) at a name that is not known.
base::Result<Selected> Select(EvidenceCache& cache, const Snapshot& snapshot, const domain::BenchmarkFilter& filter,
                              const CallScope& scope);

/// `kNotFound` (`NO_BENCHMARK_MATCHES`): says which text of the filter no
/// benchmark has, and suggests the closest.
base::Error NoBenchmarkMatches(const domain::BenchmarkFilter& filter, const ModelList& evidence);

/// Finds the benchmark nearest to some traffic; errors as in
/// planner_service.proto. Logs the match (event `match`).
base::Result<MatchAnswer> MatchBenchmark(EvidenceCache& cache, const MatchQuery& query, const CallScope& scope);

}  // namespace loadline::planner
