#include <cstdint>
#include <string_view>

#include "tests/fuzz/planner_under_fuzz.h"

// The same bytes are read as each request. Plans take longer, and have targets
// of their own.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace loadline;  // NOLINT
  using planner::PlannerHandler;
  static planner::PlannerUnderFuzz planner;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  fuzz::Try(planner.handler(), &PlannerHandler::MatchBenchmark, bytes);
  fuzz::Try(planner.handler(), &PlannerHandler::PredictPerformance, bytes);
  return 0;
}
