#include "cli/client/planner_client.h"

#include <utility>

#include "cli/client/call.h"
#include "cli/client/secure_channel.h"
#include "loadline/planner/v1/planner_service.grpc.pb.h"

namespace loadline::cli {

using Stub = planner_api::PlannerService::Stub;

struct PlannerClient::Connection {
  Peer peer;
  std::unique_ptr<Stub> planner;
};

PlannerClient::PlannerClient(Endpoint endpoint) : connection_(std::make_unique<Connection>()) {
  connection_->planner = planner_api::PlannerService::NewStub(ChannelTo(endpoint));
  connection_->peer = {.service = "planner", .setting = "--planner", .endpoint = std::move(endpoint)};
}

PlannerClient::~PlannerClient() = default;

base::Result<planner_api::MatchBenchmarkResponse> PlannerClient::Send(
    const planner_api::MatchBenchmarkRequest& request) const {
  return Call(*connection_->planner, &Stub::MatchBenchmark, request, connection_->peer);
}

base::Result<planner_api::PlanCapacityResponse> PlannerClient::Send(
    const planner_api::PlanCapacityRequest& request) const {
  return Call(*connection_->planner, &Stub::PlanCapacity, request, connection_->peer);
}

base::Result<planner_api::ExplainPlanResponse> PlannerClient::Send(
    const planner_api::ExplainPlanRequest& request) const {
  return Call(*connection_->planner, &Stub::ExplainPlan, request, connection_->peer);
}

base::Result<planner_api::PredictPerformanceResponse> PlannerClient::Send(
    const planner_api::PredictPerformanceRequest& request) const {
  return Call(*connection_->planner, &Stub::PredictPerformance, request, connection_->peer);
}

}  // namespace loadline::cli
