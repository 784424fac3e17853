#pragma once

#include "loadline/planner/v1/planner_service.pb.h"
#include "services/planner/app/explain_plan.h"
#include "services/planner/app/plan_capacity.h"
#include "services/planner/app/predict_performance.h"

/// The planner's messages, both ways.
namespace loadline::planner {

namespace pb = ::loadline::planner::v1;

/// What could not be decoded is in the result's `violations`.
MatchQuery FromProto(const pb::MatchBenchmarkRequest& from);
PlanQuery FromProto(const pb::PlanCapacityRequest& from);
PredictQuery FromProto(const pb::PredictPerformanceRequest& from);

void ToProto(const MatchAnswer& from, pb::MatchBenchmarkResponse* to);
void ToProto(const PredictAnswer& from, pb::PredictPerformanceResponse* to);
/// `request` is the one that is answered: the next page's token is bound to it.
void ToProto(const PlanAnswer& from, const pb::PlanCapacityRequest& request, pb::PlanCapacityResponse* to);
void ToProto(const ExplainAnswer& from, const pb::PlanCapacityRequest& request, pb::ExplainPlanResponse* to);

}  // namespace loadline::planner
