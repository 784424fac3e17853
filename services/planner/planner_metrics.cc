#include "services/planner/planner_metrics.h"

#include <chrono>

namespace loadline::planner {
namespace {

using telemetry::Counter;
using telemetry::Gauge;
using telemetry::Metrics;

double Number(auto count) { return static_cast<double>(count); }

Metrics CacheMetrics(const EvidenceStats& stats) {
  return {Counter("loadline_evidence_cache_hits_total", "Models that were asked for and were in memory.",
                  Number(stats.hits)),
          Counter("loadline_evidence_cache_misses_total",
                  "Models that were asked for and had to be read from the store.", Number(stats.misses)),
          Counter("loadline_evidence_cache_evictions_total", "Models that were dropped for want of memory.",
                  Number(stats.evictions)),
          Gauge("loadline_evidence_cache_models", "Models that are loaded.", Number(stats.models)),
          Gauge("loadline_evidence_cache_bytes", "Memory of the models that are loaded.", Number(stats.bytes)),
          Gauge("loadline_evidence_cache_max_bytes", "Memory that loaded models may take.", Number(stats.max_bytes))};
}

Metrics FreshnessMetrics(const EvidenceStats& stats) {
  const auto age = std::chrono::duration<double>(stats.contact.age).count();
  return {
      Gauge("loadline_evidence_revision", "The store's revision that answers are computed from.",
            Number(stats.revision)),
      Gauge("loadline_evidence_stale", "1 while answers are marked stale, else 0.", stats.contact.stale ? 1.0 : 0.0),
      Gauge("loadline_evidence_age_seconds",
            "For how long newer data may exist that the planner has not read; 0 unless stale.", age),
      Gauge("loadline_store_reachable", "1 while the store can be followed and read, else 0.",
            stats.contact.away ? 0.0 : 1.0)};
}

}  // namespace

Metrics EvidenceMetrics(const EvidenceStats& stats) {
  return telemetry::Joined({CacheMetrics(stats), FreshnessMetrics(stats)});
}

Metrics AnswerMetrics(const AnswerCounts& answers) {
  return {Counter("loadline_plans_total", "Plans that were made: feasible or infeasible.",
                  {{.labels = {{"outcome", "feasible"}}, .value = Number(answers.feasible_plans())},
                   {.labels = {{"outcome", "infeasible"}}, .value = Number(answers.infeasible_plans())}}),
          telemetry::Distribution("loadline_match_distance",
                                  "Distance of the traffic asked about to the nearest measured one.",
                                  {{.buckets = answers.distances()}})};
}

}  // namespace loadline::planner
