#include "cli/output/freshness_view.h"

#include <fmt/format.h>

#include "cli/output/number.h"
#include "cli/output/time.h"

namespace loadline::cli {

void PrintFreshness(const planner_api::Freshness& freshness, std::ostream& out) {
  out << fmt::format("From revision {} of the store.\n", FormatCount(freshness.revision()));
  if (!freshness.stale()) return;
  out << fmt::format(
      "WARNING: stale. The planner last heard of the store {} ago; newer benchmarks or prices may exist.\n",
      FormatAge(std::chrono::milliseconds(freshness.evidence_age_ms())));
}

}  // namespace loadline::cli
