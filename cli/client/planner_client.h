#pragma once

#include <memory>

#include "cli/api.h"
#include "cli/client/endpoint.h"
#include "libs/base/result.h"

namespace loadline::cli {

/// planner. Every call has the endpoint's timeout as its deadline, and fails
/// with the planner's own error, or `kUnavailable` where it is away.
class PlannerClient {
 public:
  explicit PlannerClient(Endpoint endpoint);
  ~PlannerClient();

  base::Result<planner_api::MatchBenchmarkResponse> Send(const planner_api::MatchBenchmarkRequest& request) const;
  base::Result<planner_api::PlanCapacityResponse> Send(const planner_api::PlanCapacityRequest& request) const;
  base::Result<planner_api::ExplainPlanResponse> Send(const planner_api::ExplainPlanRequest& request) const;
  base::Result<planner_api::PredictPerformanceResponse> Send(
      const planner_api::PredictPerformanceRequest& request) const;

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace loadline::cli
