#include <cstdint>
#include <string_view>

#include "tests/fuzz/planner_under_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace loadline;  // NOLINT
  static planner::PlannerUnderFuzz planner;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  fuzz::Try(planner.handler(), &planner::PlannerHandler::ExplainPlan, bytes);
  return 0;
}
