#pragma once

#include "services/benchmark-store/app/repositories.h"

namespace loadline::store {

/// Lists configurations for a filter that may name hardware by an alias.
base::Result<Page<ConfigurationSummary>> ListConfigurations(const Repositories& repositories,
                                                            const domain::BenchmarkFilter& filter,
                                                            const PageRequest& page, const CallScope& scope);

}  // namespace loadline::store
