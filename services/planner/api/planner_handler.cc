#include "services/planner/api/planner_handler.h"

#include "services/planner/api/plan_messages.h"
#include "services/planner/app/explain_plan.h"
#include "services/planner/app/match_benchmark.h"
#include "services/planner/app/plan_capacity.h"
#include "services/planner/app/predict_performance.h"

namespace loadline::planner {
namespace {

CallScope ScopeOf(const rpc::Call& call) {
  return {.deadline = call.deadline, .cancelled = [&call] { return call.Cancelled(); }};
}

}  // namespace

grpc::Status PlannerHandler::MatchBenchmark(grpc::ServerContext* context, const v1::MatchBenchmarkRequest* request,
                                            v1::MatchBenchmarkResponse* response) {
  return pipeline_.Run("MatchBenchmark", *context, [&](rpc::Call& call) -> base::Status {
    LOADLINE_ASSIGN_OR_RETURN(const auto answer,
                              planner::MatchBenchmark(evidence_, FromProto(*request), ScopeOf(call)));
    answers_.Count(answer);
    ToProto(answer, response);
    return {};
  });
}

grpc::Status PlannerHandler::PlanCapacity(grpc::ServerContext* context, const v1::PlanCapacityRequest* request,
                                          v1::PlanCapacityResponse* response) {
  return pipeline_.Run("PlanCapacity", *context, [&](rpc::Call& call) -> base::Status {
    LOADLINE_ASSIGN_OR_RETURN(const auto answer, planner::PlanCapacity(evidence_, FromProto(*request), ScopeOf(call)));
    answers_.Count(answer);
    ToProto(answer, *request, response);
    return {};
  });
}

grpc::Status PlannerHandler::ExplainPlan(grpc::ServerContext* context, const v1::ExplainPlanRequest* request,
                                         v1::ExplainPlanResponse* response) {
  return pipeline_.Run("ExplainPlan", *context, [&](rpc::Call& call) -> base::Status {
    const auto& plan = request->plan();
    LOADLINE_ASSIGN_OR_RETURN(const auto answer, planner::ExplainPlan(evidence_, FromProto(plan), ScopeOf(call)));
    ToProto(answer, plan, response);
    return {};
  });
}

grpc::Status PlannerHandler::PredictPerformance(grpc::ServerContext* context,
                                                const v1::PredictPerformanceRequest* request,
                                                v1::PredictPerformanceResponse* response) {
  return pipeline_.Run("PredictPerformance", *context, [&](rpc::Call& call) -> base::Status {
    LOADLINE_ASSIGN_OR_RETURN(const auto answer,
                              planner::PredictPerformance(evidence_, FromProto(*request), ScopeOf(call)));
    ToProto(answer, response);
    return {};
  });
}

}  // namespace loadline::planner
