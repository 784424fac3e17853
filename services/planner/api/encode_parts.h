#pragma once

#include "loadline/planner/v1/planner_service.pb.h"
#include "services/planner/evidence/evidence_cache.h"
#include "services/planner/planning/plan.h"

/// What several answers have in common.
namespace loadline::planner {

void Encode(const Freshness& from, v1::Freshness* to);
void Encode(const planning::Evidence& from, v1::Evidence* to);
void Encode(const planning::Interval& from, v1::Interval* to);

}  // namespace loadline::planner
