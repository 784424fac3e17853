#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "libs/wire/benchmark_wire.h"
#include "services/planner/api/encode_parts.h"
#include "services/planner/api/enums.h"
#include "services/planner/api/plan_messages.h"
#include "services/planner/api/rejection_token.h"

namespace loadline::planner {
namespace {

using planner::Encode;

// What the planner keeps of a benchmark.
domain::Benchmark BenchmarkOf(const planning::Match& match) {
  const auto& point = match.curve->points()[match.point];
  domain::Benchmark benchmark{
      .id = point.id, .shape = match.curve->shape(), .revision = point.revision, .measurement = {}};
  auto& measurement = benchmark.measurement;
  measurement.configuration = match.configuration->configuration;
  measurement.load = {.offered_rps = point.offered_rps,
                      .achieved_rps = point.achieved_rps,
                      .concurrency = point.concurrency,
                      .saturated = point.saturated};
  measurement.tokens_per_second = point.tokens_per_second;
  measurement.provenance.origin = point.origin;
  for (const auto metric : domain::kMetrics) {
    for (const auto statistic : domain::kStatistics) {
      measurement[metric][statistic] = match.curve->MeasuredAt(match.point, metric, statistic);
    }
  }
  return benchmark;
}

void Encode(const planning::CapacityCalibration& from, pb::CapacityCalibration* to) {
  to->set_point_requests_per_second(from.point_rps);
  to->set_correction(from.correction);
  to->set_margin(from.margin);
  Encode(from.capacity_rps, to->mutable_requests_per_second());
  to->set_shape_count(from.shapes);
  to->set_few_shapes(from.few_shapes);
}

void Encode(const planning::Capacity& from, pb::Capacity* to) {
  to->set_requests_per_second(from.rps);
  to->set_kind(ToProto(from.kind));
  to->set_basis(ToProto(from.basis));
  to->set_binding_limit(from.binding_limit);
  if (from.calibration) Encode(*from.calibration, to->mutable_calibration());
}

/// The normal forms of an SLO's limits, made once for all options.
std::vector<std::string> LimitTexts(const domain::Slo& slo) {
  std::vector<std::string> texts;
  texts.reserve(slo.limits().size());
  for (const auto& limit : slo.limits()) texts.push_back(limit.ToString());
  return texts;
}

// `basis` is that of the option's latencies.
void Encode(const planning::LimitMargin& from, const std::string& limit, planning::Basis basis, pb::LimitMargin* to) {
  to->set_limit(limit);
  to->set_limit_ms(from.limit.max_ms);
  to->set_latency_ms(from.latency_ms);
  to->set_slack(from.slack);
  to->set_basis(ToProto(from.basis.value_or(basis)));
}

void Encode(const planning::Cost& from, pb::Cost* to) {
  to->set_usd_per_hour(from.usd_per_hour);
  to->set_usd_per_month(from.usd_per_month);
  to->set_usd_per_million_tokens(from.usd_per_million_tokens);
  to->set_usd_per_million_output_tokens(from.usd_per_million_output_tokens);
  to->set_usd_per_gpu_hour(from.price.usd_per_gpu_hour);
  to->set_provider(from.price.provider);
  to->set_purchase_option(from.price.purchase_option);
}

void Encode(const planning::Memory& from, pb::Memory* to) {
  to->set_fit(ToProto(from.fit));
  if (from.weights_gib) to->set_weights_gib(*from.weights_gib);
  if (from.memory_gib) to->set_memory_gib(*from.memory_gib);
  if (from.kv_tokens) to->set_kv_tokens(*from.kv_tokens);
}

// `limits` are those that `from` has margins of, in their order.
void EncodeLatencies(const planning::PlanOption& from, const std::vector<std::string>& limits, pb::PlanOption* to) {
  if (!from.ttft.empty()) wire::ToProto(from.ttft, to->mutable_ttft());
  if (!from.itl.empty()) wire::ToProto(from.itl, to->mutable_itl());
  if (!from.e2e.empty()) wire::ToProto(from.e2e, to->mutable_e2e());
  to->set_latency_basis(ToProto(from.latency_basis));
  for (std::size_t i = 0; i < from.margins.size(); ++i) {
    Encode(from.margins[i], limits.at(i), from.latency_basis, to->add_margins());
  }
  to->set_worst_slack(from.worst_slack);
}

void Encode(const planning::PlanOption& from, const std::vector<std::string>& limits, pb::PlanOption* to) {
  wire::ToProto(from.configuration, to->mutable_configuration());
  to->set_replicas(from.replicas);
  to->set_gpus(from.gpus);
  Encode(from.capacity, to->mutable_capacity());
  to->set_requests_per_second_per_replica(from.rps_per_replica);
  to->set_utilisation(from.utilisation);
  EncodeLatencies(from, limits, to);
  Encode(from.cost, to->mutable_cost());
  Encode(from.memory, to->mutable_memory());
  Encode(from.evidence, to->mutable_evidence());
  to->set_pareto_optimal(from.pareto_optimal);
  if (from.slo_confidence) to->set_slo_confidence(*from.slo_confidence);
  to->set_score(from.score);
}

void Encode(const planning::Rejection& from, pb::Rejection* to) {
  wire::ToProto(from.configuration, to->mutable_configuration());
  to->set_reason(ToProto(from.reason));
  to->set_message(from.message);
  to->set_binding_limit(from.binding_limit);
  to->set_miss_factor(from.miss_factor);
  wire::ToProto(from.evidence_shape, to->mutable_evidence_shape());
}

void Encode(const planning::RejectionCount& from, pb::RejectionCount* to) {
  to->set_reason(ToProto(from.reason));
  to->set_configuration_count(from.configurations);
}

// Most of the front are options too: copying a message is cheaper than making it.
void EncodeFront(const planning::Plan& from, const std::vector<std::string>& limits, pb::PlanCapacityResponse* to) {
  for (const auto& option : from.pareto_front) {
    const auto same = std::find_if(from.options.begin(), from.options.end(), [&](const planning::PlanOption& other) {
      return other.configuration == option.configuration;
    });
    if (same == from.options.end()) {
      Encode(option, limits, to->add_pareto_front());
    } else {
      *to->add_pareto_front() = to->options(static_cast<int>(same - from.options.begin()));
    }
  }
}

void Encode(const planning::Plan& from, const std::vector<std::string>& limits, pb::PlanCapacityResponse* to) {
  for (const auto& option : from.options) Encode(option, limits, to->add_options());
  EncodeFront(from, limits, to);
  to->set_candidate_count(from.candidates);
  to->set_feasible_count(from.feasible);
  for (const auto& count : from.rejection_counts) Encode(count, to->add_rejection_counts());
  for (const auto& miss : from.nearest_misses) Encode(miss, to->add_nearest_misses());
  for (const auto& rejection : from.rejections) Encode(rejection, to->add_rejections());
}

void Encode(const planning::Arrivals& from, pb::Arrivals* to) {
  to->set_inter_arrival_cv(from.inter_arrival_cv);
  to->set_routing_imbalance(from.routing_imbalance);
  to->set_spare_replicas(from.spare_replicas);
}

void Encode(const planning::RankingWeights& from, pb::RankingWeights* to) {
  to->set_cost(from.cost);
  to->set_latency(from.latency);
  to->set_quality(from.quality);
  to->set_risk(from.risk);
}

void EncodeTerms(const planning::PlanRequest& from, pb::ResolvedRequest* to) {
  to->set_confidence(from.confidence);
  if (from.lengths) to->set_length_bin_count(static_cast<int>(from.lengths->bins().size()));
  Encode(from.arrivals, to->mutable_arrivals());
  Encode(from.weights, to->mutable_weights());
  if (std::isfinite(from.budget_usd_per_month)) to->set_budget_usd_per_month(from.budget_usd_per_month);
  to->set_seed(from.seed);
}

void Encode(const planning::PlanRequest& from, pb::ResolvedRequest* to) {
  wire::ToProto(from.shape, to->mutable_shape());
  to->set_requests_per_second(from.rps);
  to->set_slo(from.slo.ToString());
  to->set_headroom(from.headroom);
  to->set_match_policy(ToProto(from.policy));
  to->mutable_price()->set_provider(from.price.provider);
  to->mutable_price()->set_purchase_option(from.price.purchase_option);
  EncodeTerms(from, to);
}

}  // namespace

void ToProto(const MatchAnswer& from, pb::MatchBenchmarkResponse* to) {
  wire::ToProto(BenchmarkOf(from.match), to->mutable_benchmark());
  to->mutable_benchmark()->clear_input_lengths();
  to->mutable_benchmark()->clear_output_lengths();
  to->set_distance(from.match.distance);
  Encode(from.freshness, to->mutable_freshness());
}

void ToProto(const PlanAnswer& from, const pb::PlanCapacityRequest& request, pb::PlanCapacityResponse* to) {
  Encode(from.plan, LimitTexts(from.request.slo), to);
  Encode(from.request, to->mutable_request());
  Encode(from.freshness, to->mutable_freshness());
  if (!from.plan.more_rejections || from.plan.rejections.empty()) return;
  const auto listed = static_cast<int>(from.plan.rejections.size());
  to->set_next_rejection_page_token(RejectionToken(request, {.revision = from.freshness.revision,
                                                             .snapshot_id = from.snapshot_id,
                                                             .after = from.request.rejections_after + listed}));
}

}  // namespace loadline::planner
