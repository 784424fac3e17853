#include "services/planner/api/enums.h"

namespace loadline::planner {

v1::CapacityKind ToProto(planning::CapacityKind from) {
  switch (from) {
    case planning::CapacityKind::kExact: return v1::CAPACITY_KIND_EXACT;
    case planning::CapacityKind::kLowerBound: return v1::CAPACITY_KIND_LOWER_BOUND;
    case planning::CapacityKind::kPredicted: return v1::CAPACITY_KIND_PREDICTED;
    case planning::CapacityKind::kNone: return v1::CAPACITY_KIND_NONE;
  }
  return v1::CAPACITY_KIND_UNSPECIFIED;
}

v1::Basis ToProto(planning::Basis from) {
  switch (from) {
    case planning::Basis::kMeasured: return v1::BASIS_MEASURED;
    case planning::Basis::kInterpolated: return v1::BASIS_INTERPOLATED;
    case planning::Basis::kPredicted: return v1::BASIS_PREDICTED;
    case planning::Basis::kClosest: return v1::BASIS_CLOSEST;
  }
  return v1::BASIS_UNSPECIFIED;
}

v1::MemoryFit ToProto(planning::MemoryFit from) {
  switch (from) {
    case planning::MemoryFit::kFits: return v1::MEMORY_FIT_FITS;
    case planning::MemoryFit::kTooSmall: return v1::MEMORY_FIT_TOO_SMALL;
    case planning::MemoryFit::kUnknown: return v1::MEMORY_FIT_UNKNOWN;
  }
  return v1::MEMORY_FIT_UNSPECIFIED;
}

v1::RejectionReason ToProto(planning::RejectionReason from) {
  switch (from) {
    case planning::RejectionReason::kSlo: return v1::REJECTION_REASON_SLO;
    case planning::RejectionReason::kNotMeasured: return v1::REJECTION_REASON_NOT_MEASURED;
    case planning::RejectionReason::kShape: return v1::REJECTION_REASON_SHAPE;
    case planning::RejectionReason::kMemory: return v1::REJECTION_REASON_MEMORY;
    case planning::RejectionReason::kGpuInventory: return v1::REJECTION_REASON_GPU_INVENTORY;
    case planning::RejectionReason::kNoPrice: return v1::REJECTION_REASON_NO_PRICE;
    case planning::RejectionReason::kBudget: return v1::REJECTION_REASON_BUDGET;
  }
  return v1::REJECTION_REASON_UNSPECIFIED;
}

v1::MatchPolicy ToProto(planning::MatchPolicy from) {
  switch (from) {
    case planning::MatchPolicy::kExact: return v1::MATCH_POLICY_EXACT;
    case planning::MatchPolicy::kClosest: return v1::MATCH_POLICY_CLOSEST;
    case planning::MatchPolicy::kClosestRescaled: return v1::MATCH_POLICY_CLOSEST_RESCALED;
    case planning::MatchPolicy::kAuto: return v1::MATCH_POLICY_AUTO;
  }
  return v1::MATCH_POLICY_UNSPECIFIED;
}

v1::ConstraintKind ToProto(planning::ConstraintKind from) {
  switch (from) {
    case planning::ConstraintKind::kSloLimit: return v1::CONSTRAINT_KIND_SLO_LIMIT;
    case planning::ConstraintKind::kGpuInventory: return v1::CONSTRAINT_KIND_GPU_INVENTORY;
    case planning::ConstraintKind::kBudget: return v1::CONSTRAINT_KIND_BUDGET;
    case planning::ConstraintKind::kMemory: return v1::CONSTRAINT_KIND_MEMORY;
  }
  return v1::CONSTRAINT_KIND_UNSPECIFIED;
}

}  // namespace loadline::planner
