#pragma once

#include "services/benchmark-store/repository/benchmark_repository.h"
#include "services/benchmark-store/repository/catalog_repository.h"
#include "services/benchmark-store/repository/json/json_store.h"
#include "services/benchmark-store/repository/json/model_search.h"

namespace loadline::store::json {

/// Benchmarks of a JsonStore, which must outlive this and its imports.
class JsonBenchmarkRepository final : public BenchmarkRepository {
 public:
  explicit JsonBenchmarkRepository(JsonStore& store) : store_(store) {}

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
  JsonStore& store_;
  const ModelSearch search_;
};

/// The catalogue of a JsonStore, which must outlive this.
class JsonCatalogRepository final : public CatalogRepository {
 public:
  explicit JsonCatalogRepository(JsonStore& store) : store_(store) {}

  base::Result<CatalogSnapshot> Read(const CallScope& scope) const override;
  base::Result<UpsertedHardware> UpsertHardware(const domain::Hardware& change, const CallScope& scope) override;

 private:
  JsonStore& store_;
};

}  // namespace loadline::store::json
