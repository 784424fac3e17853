#pragma once

#include <string>
#include <vector>

#include "services/planner/planning/plan.h"
#include "tests/unit/services/planner/planning/fitted_world.h"

namespace loadline::planning::testing {

/// No shape of NineShapes.
inline const domain::TrafficShape kUnseen{.input_tokens = 900, .output_tokens = 300};

/// A FittedWorld.
inline ConfigurationEvidence Evidence(double noise = 0,
                                      const std::vector<domain::TrafficShape>& shapes = NineShapes()) {
  return EvidenceOf(FittedWorld(shapes, noise)).front()->configurations.front();
}

/// 20 requests/s of kUnseen, predicted.
inline PlanRequest Ask(const std::string& slo = "ttft:p95<150ms;itl:p95<20ms") {
  PlanRequest request{.shape = kUnseen, .rps = 20, .slo = SloOf(slo)};
  request.policy = MatchPolicy::kAuto;
  return request;
}

/// Room for `requests` of 768 tokens, with a tenth to spare.
inline PlanningCatalog CatalogWithRoomFor(double requests) {
  auto catalog = Catalog();
  const double room = (80.0 - 8e9 * 2 * 1.2 / (1 << 30)) * (1 << 30);
  catalog.models["acme/tiny-8b"].kv_bytes_per_token = room * 0.9 / (requests * 768);
  return catalog;
}

}  // namespace loadline::planning::testing
