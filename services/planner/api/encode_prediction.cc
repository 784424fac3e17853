#include "libs/wire/benchmark_wire.h"
#include "services/planner/api/encode_parts.h"
#include "services/planner/api/enums.h"
#include "services/planner/api/plan_messages.h"

namespace loadline::planner {
namespace {

using planner::Encode;

using Statistics = std::array<std::optional<planning::PredictedLatency>, domain::kStatistics.size()>;

pb::PredictedLatency* Slot(domain::Statistic statistic, pb::PredictedSummary* summary) {
  switch (statistic) {
    case domain::Statistic::kMean: return summary->mutable_mean();
    case domain::Statistic::kP50: return summary->mutable_p50();
    case domain::Statistic::kP90: return summary->mutable_p90();
    case domain::Statistic::kP95: return summary->mutable_p95();
    case domain::Statistic::kP99: break;
  }
  return summary->mutable_p99();
}

void Encode(const planning::PredictedLatency& from, pb::PredictedLatency* to) {
  to->set_ms(from.ms);
  to->set_basis(ToProto(from.basis));
  if (!from.interval_ms) return;
  Encode(*from.interval_ms, to->mutable_interval_ms());
  to->set_calibration_shape_count(from.calibration_shapes);
}

pb::PredictedSummary* Slot(domain::Metric metric, pb::PredictPerformanceResponse* response) {
  switch (metric) {
    case domain::Metric::kTtft: return response->mutable_ttft();
    case domain::Metric::kItl: return response->mutable_itl();
    case domain::Metric::kE2e: break;
  }
  return response->mutable_e2e();
}

void EncodeKnown(const Statistics& from, domain::Metric metric, pb::PredictPerformanceResponse* to) {
  for (const auto statistic : domain::kStatistics) {
    const auto& latency = from.at(static_cast<std::size_t>(statistic));
    if (latency) Encode(*latency, Slot(statistic, Slot(metric, to)));
  }
}

}  // namespace

void ToProto(const PredictAnswer& from, pb::PredictPerformanceResponse* to) {
  wire::ToProto(from.configuration, to->mutable_configuration());
  wire::ToProto(from.request.shape, to->mutable_shape());
  to->set_requests_per_second(from.performance.rps);
  if (from.performance.concurrency) to->set_concurrency(*from.performance.concurrency);
  for (const auto metric : domain::kMetrics) {
    EncodeKnown(from.performance.latencies.at(static_cast<std::size_t>(metric)), metric, to);
  }
  to->set_confidence(from.request.confidence);
  Encode(from.performance.evidence, to->mutable_evidence());
  Encode(from.freshness, to->mutable_freshness());
}

}  // namespace loadline::planner
