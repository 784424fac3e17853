#pragma once

#include "libs/telemetry/metric.h"
#include "services/planner/api/answer_counts.h"
#include "services/planner/evidence/evidence_cache.h"

namespace loadline::planner {

telemetry::Metrics EvidenceMetrics(const EvidenceStats& stats);

telemetry::Metrics AnswerMetrics(const AnswerCounts& answers);

}  // namespace loadline::planner
