#pragma once

#include <string>
#include <vector>

namespace loadline::telemetry {

/// A method that a program serves.
struct Method {
  /// "loadline.planner.v1.PlannerService".
  std::string service;
  /// "PlanCapacity"; no two services of a program have the same.
  std::string name;
  /// "unary", "client_stream", "server_stream" or "bidi_stream".
  std::string type;
};

/// The methods of `services`, by the contract that is linked in. A service that
/// is not known has none.
std::vector<Method> MethodsOf(const std::vector<std::string>& services);

}  // namespace loadline::telemetry
