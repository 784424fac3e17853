#include "cli/commands/traffic_request.h"

namespace loadline::cli {

void SetTraffic(const TrafficProfile& profile, planner_api::PlanCapacityRequest* request) {
  if (request->requests_per_second() == 0) request->set_requests_per_second(profile.peak_rps);
  if (!request->arrivals().has_inter_arrival_cv()) {
    request->mutable_arrivals()->set_inter_arrival_cv(profile.inter_arrival_cv);
  }
  for (const auto& share : profile.lengths) {
    auto* bin = request->mutable_length_histogram()->add_bins();
    bin->set_input_tokens(share.input_tokens);
    bin->set_output_tokens(share.output_tokens);
    bin->set_weight(share.weight);
  }
}

}  // namespace loadline::cli
