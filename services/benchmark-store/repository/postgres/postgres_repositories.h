#pragma once

#include "services/benchmark-store/repository/benchmark_repository.h"
#include "services/benchmark-store/repository/catalog_repository.h"
#include "services/benchmark-store/repository/postgres/postgres_store.h"

namespace loadline::store::postgres {

/// Benchmarks of a PostgresStore, which must outlive this and its imports.
class PostgresBenchmarkRepository final : public BenchmarkRepository {
 public:
  explicit PostgresBenchmarkRepository(PostgresStore& store) : store_(store) {}

  base::Result<Page<domain::Benchmark>> List(const domain::BenchmarkFilter& filter, const PageRequest& page,
                                             const CallScope& scope) const override;
  base::Result<domain::Benchmark> Get(const domain::BenchmarkId& id, const CallScope& scope) const override;
  base::Result<Page<ConfigurationSummary>> ListConfigurations(const domain::BenchmarkFilter& filter,
                                                              const PageRequest& page,
                                                              const CallScope& scope) const override;
  base::Result<ClosestBenchmark> FindClosest(const domain::BenchmarkFilter& filter, const domain::TrafficShape& asked,
                                             std::optional<double> rate, const CallScope& scope) const override;
  base::Result<std::unique_ptr<ImportSession>> BeginImport(const CallScope& scope) override;
  base::Result<Page<QuarantinedRow>> ListQuarantined(const PageRequest& page, const CallScope& scope) const override;
  base::Result<Changes> ChangesSince(domain::Revision after, const std::string& snapshot_id,
                                     const CallScope& scope) const override;
  base::Result<domain::Revision> AwaitChange(domain::Revision after, std::chrono::milliseconds wait,
                                             const CallScope& scope) const override;
  base::Result<std::vector<domain::Model>> Models(const CallScope& scope) const override;
  base::Result<Page<FoundModel>> SearchModels(const ModelQuery& query, const PageRequest& page,
                                              const CallScope& scope) const override;

 private:
  PostgresStore& store_;
};

/// The catalogue of a PostgresStore, which must outlive this.
class PostgresCatalogRepository final : public CatalogRepository {
 public:
  explicit PostgresCatalogRepository(PostgresStore& store) : store_(store) {}

  base::Result<CatalogSnapshot> Read(const CallScope& scope) const override;
  base::Result<UpsertedHardware> UpsertHardware(const domain::Hardware& change, const CallScope& scope) override;

 private:
  PostgresStore& store_;
};

}  // namespace loadline::store::postgres
