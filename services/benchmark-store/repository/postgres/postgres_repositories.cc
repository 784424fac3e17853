#include "services/benchmark-store/repository/postgres/postgres_repositories.h"

#include "services/benchmark-store/repository/postgres/import_session.h"
#include "services/benchmark-store/repository/postgres/queries.h"

namespace loadline::store::postgres {

base::Result<Page<domain::Benchmark>> PostgresBenchmarkRepository::List(const domain::BenchmarkFilter& filter,
                                                                        const PageRequest& page,
                                                                        const CallScope& scope) const {
  return ListBenchmarks(store_, filter, page, scope);
}

base::Result<domain::Benchmark> PostgresBenchmarkRepository::Get(const domain::BenchmarkId& id,
                                                                 const CallScope& scope) const {
  return GetBenchmark(store_, id, scope);
}

base::Result<Page<ConfigurationSummary>> PostgresBenchmarkRepository::ListConfigurations(
    const domain::BenchmarkFilter& filter, const PageRequest& page, const CallScope& scope) const {
  return postgres::ListConfigurations(store_, filter, page, scope);
}

base::Result<ClosestBenchmark> PostgresBenchmarkRepository::FindClosest(const domain::BenchmarkFilter& filter,
                                                                        const domain::TrafficShape& asked,
                                                                        std::optional<double> rate,
                                                                        const CallScope& scope) const {
  return postgres::FindClosest(store_, filter, asked, rate, scope);
}

base::Result<std::unique_ptr<ImportSession>> PostgresBenchmarkRepository::BeginImport(const CallScope& scope) {
  return postgres::BeginImport(store_, scope);
}

base::Result<Page<QuarantinedRow>> PostgresBenchmarkRepository::ListQuarantined(const PageRequest& page,
                                                                                const CallScope& scope) const {
  return postgres::ListQuarantined(store_, page, scope);
}

base::Result<Changes> PostgresBenchmarkRepository::ChangesSince(domain::Revision after, const std::string& snapshot_id,
                                                                const CallScope& scope) const {
  return postgres::ChangesSince(store_, after, snapshot_id, scope);
}

base::Result<domain::Revision> PostgresBenchmarkRepository::AwaitChange(domain::Revision after,
                                                                        std::chrono::milliseconds wait,
                                                                        const CallScope& scope) const {
  return store_.feed().Await(after, wait, scope);
}

base::Result<std::vector<domain::Model>> PostgresBenchmarkRepository::Models(const CallScope& scope) const {
  return ListModels(store_, scope);
}

base::Result<Page<FoundModel>> PostgresBenchmarkRepository::SearchModels(const ModelQuery& query,
                                                                         const PageRequest& page,
                                                                         const CallScope& scope) const {
  return postgres::SearchModels(store_, query, page, scope);
}

base::Result<CatalogSnapshot> PostgresCatalogRepository::Read(const CallScope& scope) const {
  return store_.ReadCatalog(scope);
}

base::Result<UpsertedHardware> PostgresCatalogRepository::UpsertHardware(const domain::Hardware& change,
                                                                         const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(auto upserted, RunRepeatable(store_.primary(), scope, [&](Connection& connection) {
                              return postgres::UpsertHardware(connection, change, scope);
                            }));
  store_.Learn(upserted.revision, true);
  return upserted;
}

}  // namespace loadline::store::postgres
