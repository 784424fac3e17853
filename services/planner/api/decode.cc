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
  return to;
}

}  // namespace loadline::planner
