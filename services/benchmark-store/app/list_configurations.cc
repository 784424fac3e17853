#include "services/benchmark-store/app/list_configurations.h"

#include "services/benchmark-store/app/canonical_names.h"

namespace loadline::store {

base::Result<Page<ConfigurationSummary>> ListConfigurations(const Repositories& repositories,
                                                            const domain::BenchmarkFilter& filter,
                                                            const PageRequest& page, const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(const auto canonical, WithCanonicalHardware(filter, repositories.catalog, scope));
  return repositories.benchmarks.ListConfigurations(canonical, page, scope);
}

}  // namespace loadline::store
