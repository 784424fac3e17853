#pragma once

#include "services/benchmark-store/repository/postgres/postgres_store.h"

/// What BenchmarkRepository answers, read from the database.
namespace loadline::store::postgres {

/// What the pages of one listing read: a revision, in the database that has it.
struct Pin {
  Pool* pool = nullptr;
  StoreState state;
  domain::Revision revision = 0;
};

/// Pins `revision`; 0 is the newest. Fails with `kInvalidArgument` where that
/// is in the future.
base::Result<Pin> PinRevision(PostgresStore& store, domain::Revision revision, const CallScope& scope);

base::Result<Page<domain::Benchmark>> ListBenchmarks(PostgresStore& store, const domain::BenchmarkFilter& filter,
                                                     const PageRequest& page, const CallScope& scope);
base::Result<domain::Benchmark> GetBenchmark(PostgresStore& store, const domain::BenchmarkId& id,
                                             const CallScope& scope);
base::Result<Page<ConfigurationSummary>> ListConfigurations(PostgresStore& store, const domain::BenchmarkFilter& filter,
                                                            const PageRequest& page, const CallScope& scope);
base::Result<Page<QuarantinedRow>> ListQuarantined(PostgresStore& store, const PageRequest& page,
                                                   const CallScope& scope);
base::Result<ClosestBenchmark> FindClosest(PostgresStore& store, const domain::BenchmarkFilter& filter,
                                           const domain::TrafficShape& asked, std::optional<double> rate,
                                           const CallScope& scope);
base::Result<Changes> ChangesSince(PostgresStore& store, domain::Revision after, const std::string& snapshot_id,
                                   const CallScope& scope);
base::Result<std::vector<domain::Model>> ListModels(PostgresStore& store, const CallScope& scope);
base::Result<Page<FoundModel>> SearchModels(PostgresStore& store, const ModelQuery& query, const PageRequest& page,
                                            const CallScope& scope);

}  // namespace loadline::store::postgres
