#pragma once

#include "loadline/planner/v1/planner_service.pb.h"
#include "services/planner/planning/explanation.h"
#include "services/planner/planning/plan.h"

namespace loadline::planner {

v1::CapacityKind ToProto(planning::CapacityKind from);
v1::Basis ToProto(planning::Basis from);
v1::MemoryFit ToProto(planning::MemoryFit from);
v1::RejectionReason ToProto(planning::RejectionReason from);
v1::MatchPolicy ToProto(planning::MatchPolicy from);
v1::ConstraintKind ToProto(planning::ConstraintKind from);

}  // namespace loadline::planner
