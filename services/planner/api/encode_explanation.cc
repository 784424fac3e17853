#include "libs/wire/benchmark_wire.h"
#include "services/planner/api/encode_parts.h"
#include "services/planner/api/enums.h"
#include "services/planner/api/plan_messages.h"

namespace loadline::planner {
namespace {

void Encode(const planning::Constraint& from, pb::Constraint* to) {
  to->set_kind(ToProto(from.kind));
  to->set_text(from.text);
}

void Encode(const planning::ShadowPrice& from, pb::ShadowPrice* to) {
  Encode(from.constraint, to->mutable_constraint());
  Encode(from.relaxed, to->mutable_relaxed());
  to->set_usd_per_month(from.usd_per_month);
  to->set_saved_usd_per_month(from.saved_usd_per_month);
}

void Encode(const planning::Alternative& from, pb::Alternative* to) {
  for (const auto& relaxed : from.relaxed) Encode(relaxed, to->add_relaxed());
  wire::ToProto(from.configuration, to->mutable_configuration());
  to->set_replicas(from.replicas);
  to->set_usd_per_month(from.usd_per_month);
}

void Encode(const planning::NextBenchmark& from, pb::NextBenchmark* to) {
  wire::ToProto(from.configuration, to->mutable_configuration());
  wire::ToProto(from.shape, to->mutable_shape());
  to->set_requests_per_second(from.rps);
  to->set_expected_saving_usd_per_month(from.expected_saving_usd_per_month);
  to->set_reason(from.reason);
}

void Encode(const planning::RankedOption& from, pb::RankedOption* to) {
  to->set_score(from.score);
  to->set_cost_score(from.scores.cost);
  to->set_latency_score(from.scores.latency);
  if (from.scores.quality) to->set_quality_score(*from.scores.quality);
  to->set_risk_score(from.scores.risk);
  for (const int other : from.dominated_by) to->add_dominated_by(other);
  to->set_probability_first(from.probability_first);
}

// `options` are those of the plan that the report is of.
void Encode(const planning::RankingReport& from, const std::vector<planning::PlanOption>& options,
            pb::RankingReport* to) {
  for (std::size_t i = 0; i < from.options.size(); ++i) {
    auto* option = to->add_options();
    wire::ToProto(options.at(i).configuration, option->mutable_configuration());
    Encode(from.options[i], option);
  }
  to->set_draw_count(from.draws);
  to->set_seed(from.seed);
}

}  // namespace

void ToProto(const ExplainAnswer& from, const pb::PlanCapacityRequest& request, pb::ExplainPlanResponse* to) {
  const auto& explanation = from.explanation;
  ToProto(from.plan, request, to->mutable_plan());
  if (explanation.binding) Encode(*explanation.binding, to->mutable_binding());
  for (const auto& price : explanation.shadow_prices) Encode(price, to->add_shadow_prices());
  for (const auto& constraint : explanation.conflict) Encode(constraint, to->add_conflict());
  for (const auto& alternative : explanation.alternatives) Encode(alternative, to->add_alternatives());
  for (const auto& next : explanation.next_benchmarks) Encode(next, to->add_next_benchmarks());
  Encode(explanation.ranking, from.plan.plan.options, to->mutable_ranking());
}

}  // namespace loadline::planner
