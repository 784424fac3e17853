#include <cstdint>
#include <string_view>

#include "tests/fuzz/planner_under_fuzz.h"

namespace loadline::planner {
namespace {

// A plan and the next page of what it rejected.
void TryPlan(PlannerHandler& handler, std::string_view bytes) {
  v1::PlanCapacityRequest request;
  if (!fuzz::Read(bytes, &request)) return;
  const auto plan = fuzz::Answer(handler, &PlannerHandler::PlanCapacity, request);
  if (!plan) return;
  fuzz::Expect(plan->options_size() <= 100, "no more options than may be asked for");
  if (plan->next_rejection_page_token().empty()) return;
  request.set_rejection_page_token(plan->next_rejection_page_token());
  fuzz::Expect(fuzz::Answer(handler, &PlannerHandler::PlanCapacity, request).has_value(),
               "a page that is announced is there");
}

}  // namespace
}  // namespace loadline::planner

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static loadline::planner::PlannerUnderFuzz planner;
  loadline::planner::TryPlan(planner.handler(), {reinterpret_cast<const char*>(data), size});
  return 0;
}
