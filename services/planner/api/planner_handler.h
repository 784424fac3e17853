#pragma once

#include "libs/rpc/pipeline.h"
#include "loadline/planner/v1/planner_service.grpc.pb.h"
#include "services/planner/api/answer_counts.h"
#include "services/planner/evidence/evidence_cache.h"

namespace loadline::planner {

/// PlannerService over an evidence cache. Both must outlive it.
class PlannerHandler final : public v1::PlannerService::Service {
 public:
  PlannerHandler(EvidenceCache& evidence, const rpc::Pipeline& pipeline) : evidence_(evidence), pipeline_(pipeline) {}

  grpc::Status MatchBenchmark(grpc::ServerContext* context, const v1::MatchBenchmarkRequest* request,
                              v1::MatchBenchmarkResponse* response) override;
  grpc::Status PlanCapacity(grpc::ServerContext* context, const v1::PlanCapacityRequest* request,
                            v1::PlanCapacityResponse* response) override;
  grpc::Status PredictPerformance(grpc::ServerContext* context, const v1::PredictPerformanceRequest* request,
                                  v1::PredictPerformanceResponse* response) override;
  grpc::Status ExplainPlan(grpc::ServerContext* context, const v1::ExplainPlanRequest* request,
                           v1::ExplainPlanResponse* response) override;

  const AnswerCounts& answers() const { return answers_; }

 private:
  EvidenceCache& evidence_;
  const rpc::Pipeline& pipeline_;
  AnswerCounts answers_;
};

}  // namespace loadline::planner
