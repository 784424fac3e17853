#pragma once

#include "services/benchmark-store/repository/benchmark_repository.h"
#include "services/benchmark-store/repository/catalog_repository.h"

namespace loadline::store {

/// What use cases work on. Both are of the same backend.
struct Repositories {
  BenchmarkRepository& benchmarks;
  CatalogRepository& catalog;
};

}  // namespace loadline::store
