#pragma once

#include <string>
#include <vector>

#include "libs/telemetry/methods.h"
#include "loadline/benchmark/v1/benchmark_service.pb.h"
#include "loadline/planner/v1/planner_service.pb.h"

namespace loadline::testing {

/// The methods of services, of which this has the contract linked in.
inline std::vector<telemetry::Method> LinkedMethodsOf(const std::vector<std::string>& services) {
  benchmark::v1::GetBenchmarkRequest::descriptor();
  planner::v1::PlanCapacityRequest::descriptor();
  return telemetry::MethodsOf(services);
}

}  // namespace loadline::testing
