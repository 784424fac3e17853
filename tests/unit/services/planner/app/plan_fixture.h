#pragma once

#include <string>
#include <vector>

#include "services/planner/app/plan_capacity.h"
#include "tests/unit/services/planner/cache_fixture.h"

namespace loadline::planner::testing {

/// A query that is fine.
inline PlanQuery Valid() { return {.shape = AskedShape{512, 256}, .rps = 10, .slo = "ttft:p95<500ms;itl:p95<40ms"}; }

/// Two measured models, a use case and an alias.
class PlanCapacityTest : public CacheTest {
 protected:
  void SetUp() override {
    store.Import(BenchmarksOf("acme/tiny-8b", 4));
    store.Import(BenchmarksOf("acme/other-8b", 4, 1, "L4"));
    store.ChangeCatalog([](StoreCatalog& catalog) {
      catalog.use_cases.push_back({.id = "chatbot",
                                   .display_name = "Chatbot",
                                   .description = "Talks.",
                                   .shape = {.input_tokens = 100, .output_tokens = 50},
                                   .slo = curves::SloOf("ttft:p95<1s"),
                                   .weights = {}});
      catalog.hardware.front().aliases = {"GPU-B200"};
    });
    StartAndCatchUp();
  }
  base::Result<PlanAnswer> Plan(const PlanQuery& query) { return PlanCapacity(*cache, query, {}); }
};

/// `count` times the same name.
inline std::vector<std::string> Many(int count) {
  std::vector<std::string> names;
  for (int i = 0; i < count; ++i) names.push_back("vllm");
  return names;
}

}  // namespace loadline::planner::testing
