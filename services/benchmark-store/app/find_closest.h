#pragma once

#include <optional>

#include "services/benchmark-store/app/repositories.h"

namespace loadline::store {

/// Finds the nearest benchmark for a filter that may name hardware by an alias.
base::Result<ClosestBenchmark> FindClosest(const Repositories& repositories, const domain::BenchmarkFilter& filter,
                                           const domain::TrafficShape& asked, std::optional<double> rate,
                                           const CallScope& scope);

}  // namespace loadline::store
