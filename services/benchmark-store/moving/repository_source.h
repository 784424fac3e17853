#pragma once

#include <memory>

#include "services/benchmark-store/moving/source.h"
#include "services/benchmark-store/repository/benchmark_repository.h"

namespace loadline::store::moving {

/// What the repositories hold: first all benchmarks, in their order, then the
/// quarantine. They must outlive it.
base::Result<std::unique_ptr<Source>> OpenRepositories(const BenchmarkRepository& benchmarks,
                                                       const CatalogRepository& catalog);

}  // namespace loadline::store::moving
