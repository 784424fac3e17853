#include "services/benchmark-store/app/find_closest.h"

#include "services/benchmark-store/app/canonical_names.h"

namespace loadline::store {

base::Result<ClosestBenchmark> FindClosest(const Repositories& repositories, const domain::BenchmarkFilter& filter,
                                           const domain::TrafficShape& asked, std::optional<double> rate,
                                           const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(const auto canonical, WithCanonicalHardware(filter, repositories.catalog, scope));
  return repositories.benchmarks.FindClosest(canonical, asked, rate, scope);
}

}  // namespace loadline::store
