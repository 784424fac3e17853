#include <optional>
#include <string>

#include "libs/domain/text.h"
#include "libs/wire/benchmark_wire.h"
#include "services/planner/api/plan_messages.h"
#include "services/planner/api/rejection_token.h"
#include "services/planner/app/checks.h"

namespace loadline::planner {
namespace {

AskedShape Asked(const benchmark::v1::TrafficShape& from) {
  return {.input_tokens = from.input_tokens(), .output_tokens = from.output_tokens()};
}

std::vector<std::string> Strings(const google::protobuf::RepeatedPtrField<std::string>& from) {
  return {from.begin(), from.end()};
}

planning::MatchPolicy PolicyFrom(int from, Violations* violations) {
  switch (from) {
    case pb::MATCH_POLICY_EXACT: return planning::MatchPolicy::kExact;
    case pb::MATCH_POLICY_CLOSEST: return planning::MatchPolicy::kClosest;
    case pb::MATCH_POLICY_CLOSEST_RESCALED: return planning::MatchPolicy::kClosestRescaled;
    case pb::MATCH_POLICY_UNSPECIFIED:
    case pb::MATCH_POLICY_AUTO: return planning::MatchPolicy::kAuto;
    default: break;
  }
  violations->push_back({"match_policy", "is no known policy; found " + std::to_string(from)});
  return planning::MatchPolicy::kClosestRescaled;
}

std::vector<planning::LengthBin> BinsFrom(const pb::LengthHistogram& from) {
  std::vector<planning::LengthBin> bins;
  bins.reserve(static_cast<std::size_t>(from.bins_size()));
  for (const auto& bin : from.bins()) bins.push_back({bin.input_tokens(), bin.output_tokens(), bin.weight()});
  return bins;
}

planning::Arrivals ArrivalsFrom(const pb::Arrivals& from) {
  planning::Arrivals to;
  if (from.has_inter_arrival_cv()) to.inter_arrival_cv = from.inter_arrival_cv();
  if (from.has_routing_imbalance()) to.routing_imbalance = from.routing_imbalance();
  to.spare_replicas = from.spare_replicas();
  return to;
}

planning::RankingWeights WeightsFrom(const pb::RankingWeights& from) {
  return {.cost = from.cost(), .latency = from.latency(), .quality = from.quality(), .risk = from.risk()};
}

// How sure the plan must be, how requests come and what counts.
void ReadTerms(const pb::PlanCapacityRequest& from, PlanQuery* to) {
  if (from.has_confidence()) to->confidence = from.confidence();
  if (from.has_length_histogram()) to->length_bins = BinsFrom(from.length_histogram());
  to->arrivals = ArrivalsFrom(from.arrivals());
  if (from.has_weights()) to->weights = WeightsFrom(from.weights());
  if (from.has_budget_usd_per_month()) to->budget_usd_per_month = from.budget_usd_per_month();
  to->seed = from.seed();
}

// A configuration may be named in part; empty and 0 are not named.
benchmark::v1::BenchmarkFilter FilterOf(const benchmark::v1::Configuration& from) {
  benchmark::v1::BenchmarkFilter filter;
  filter.set_model_hf_repo(from.model_hf_repo());
  filter.set_precision(from.precision());
  filter.set_hardware(from.hardware());
  if (from.hardware_count() != 0) filter.set_hardware_count(from.hardware_count());
  filter.set_framework(from.framework());
  filter.set_framework_version(from.framework_version());
  return filter;
}

}  // namespace

MatchQuery FromProto(const pb::MatchBenchmarkRequest& from) {
  MatchQuery to;
  auto filter = from.filter();
  filter.clear_shape();
  to.filter = ValueOr(wire::FromProto(filter, "filter"), &to.violations).value_or(domain::BenchmarkFilter{});
  if (from.has_shape()) to.shape = Asked(from.shape());
  if (from.has_requests_per_second()) to.rps = from.requests_per_second();
  return to;
}

PlanQuery FromProto(const pb::PlanCapacityRequest& from) {
  PlanQuery to{.rps = from.requests_per_second(),
               .slo = from.slo(),
               .use_case = from.use_case(),
               .models = Strings(from.candidates().model_hf_repos()),
               .hardware = Strings(from.candidates().hardware()),
               .frameworks = Strings(from.candidates().frameworks()),
               .precisions = Strings(from.candidates().precisions()),
               .max_gpus = {from.max_gpus().begin(), from.max_gpus().end()},
               .provider = from.price().provider(),
               .purchase_option = from.price().purchase_option(),
               .top_n = from.top_n(),
               .rejection_page_size = from.rejection_page_size()};
  if (from.has_shape()) to.shape = Asked(from.shape());
  if (from.has_headroom()) to.headroom = from.headroom();
  to.policy = PolicyFrom(from.match_policy(), &to.violations);
  to.rejection_page = ValueOr(RejectionPageOf(from), &to.violations).value_or(std::nullopt);
  ReadTerms(from, &to);
  return to;
}

PredictQuery FromProto(const pb::PredictPerformanceRequest& from) {
  PredictQuery to;
  const auto filter = FilterOf(from.configuration());
  to.filter = ValueOr(wire::FromProto(filter, "configuration"), &to.violations).value_or(domain::BenchmarkFilter{});
  if (from.has_shape()) to.shape = Asked(from.shape());
  if (from.has_requests_per_second()) to.rps = from.requests_per_second();
  if (from.has_concurrency()) to.concurrency = from.concurrency();
  if (from.has_confidence()) to.confidence = from.confidence();
  return to;
}

}  // namespace loadline::planner
