#pragma once

#include <optional>
#include <string>

#include "loadline/planner/v1/planner_service.pb.h"
#include "services/planner/app/plan_capacity.h"

namespace loadline::planner {

/// The token of the page that starts at `page`. It is good for `request` only.
std::string RejectionToken(const v1::PlanCapacityRequest& request, const RejectionPage& page);

/// The page that `request` asks for; nullopt for the first. Fails with a
/// violation on `rejection_page_token`.
base::Result<std::optional<RejectionPage>> RejectionPageOf(const v1::PlanCapacityRequest& request);

}  // namespace loadline::planner
