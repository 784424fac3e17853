#pragma once

#include "services/benchmark-store/repository/postgres/postgres_store.h"

namespace loadline::store::postgres {

/// Starts an import; see BenchmarkRepository::BeginImport.
base::Result<std::unique_ptr<ImportSession>> BeginImport(PostgresStore& store, const CallScope& scope);

}  // namespace loadline::store::postgres
