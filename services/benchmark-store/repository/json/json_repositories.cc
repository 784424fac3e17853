#include "services/benchmark-store/repository/json/json_repositories.h"

#include "services/benchmark-store/repository/json/queries.h"

namespace loadline::store::json {
namespace {

class JsonImportSession final : public ImportSession {
 public:
  JsonImportSession(JsonStore& store, CallScope scope) : store_(store), scope_(std::move(scope)) {}

  base::Status Accept(const domain::Verdict& verdict) override {
    staged_.accepted.Append(verdict, 0);
    return {};
  }
  base::Status Quarantine(QuarantinedRow row) override {
    staged_.quarantined.push_back(std::move(row));
    return {};
  }
  base::Result<ImportOutcome> Commit(const OnMerged& on_merged) override {
    LOADLINE_ASSIGN_OR_RETURN(const auto outcome, store_.Import(staged_, scope_));
    on_merged(outcome.accepted + outcome.already_present + outcome.quarantined);
    return outcome;
  }
  base::Result<ImportOutcome> DryRun() override { return store_.Preview(staged_); }

 private:
  JsonStore& store_;
  const CallScope scope_;
  StagedImport staged_;
};

}  // namespace

base::Result<Page<domain::Benchmark>> JsonBenchmarkRepository::List(const domain::BenchmarkFilter& filter,
                                                                    const PageRequest& page, const CallScope&) const {
  return ListBenchmarks(*store_.Current(), filter, page);
}

base::Result<domain::Benchmark> JsonBenchmarkRepository::Get(const domain::BenchmarkId& id, const CallScope&) const {
  const auto snapshot = store_.Current();
  const auto row = snapshot->index->Find(snapshot->rows, id);
  if (!row) return base::Fail(BenchmarkNotFound(id));
  return snapshot->rows.Unpack(*row);
}

base::Result<Page<ConfigurationSummary>> JsonBenchmarkRepository::ListConfigurations(
    const domain::BenchmarkFilter& filter, const PageRequest& page, const CallScope&) const {
  return json::ListConfigurations(*store_.Current(), filter, page);
}

base::Result<ClosestBenchmark> JsonBenchmarkRepository::FindClosest(const domain::BenchmarkFilter& filter,
                                                                    const domain::TrafficShape& asked,
                                                                    std::optional<double> rate,
                                                                    const CallScope&) const {
  return json::FindClosest(*store_.Current(), filter, asked, rate);
}

base::Result<std::unique_ptr<ImportSession>> JsonBenchmarkRepository::BeginImport(const CallScope& scope) {
  return std::make_unique<JsonImportSession>(store_, scope);
}

base::Result<Page<QuarantinedRow>> JsonBenchmarkRepository::ListQuarantined(const PageRequest& page,
                                                                            const CallScope&) const {
  return json::ListQuarantined(*store_.Current(), page);
}

base::Result<Changes> JsonBenchmarkRepository::ChangesSince(domain::Revision after, const std::string& snapshot_id,
                                                            const CallScope&) const {
  return ChangesBetween(after, snapshot_id, *store_.Current());
}

base::Result<domain::Revision> JsonBenchmarkRepository::AwaitChange(domain::Revision after,
                                                                    std::chrono::milliseconds wait,
                                                                    const CallScope& scope) const {
  return store_.AwaitChange(after, wait, scope);
}

base::Result<std::vector<domain::Model>> JsonBenchmarkRepository::Models(const CallScope&) const {
  return ListModels(*store_.Current());
}

base::Result<Page<FoundModel>> JsonBenchmarkRepository::SearchModels(const ModelQuery& query, const PageRequest& page,
                                                                     const CallScope&) const {
  return search_.Find(*store_.Current(), query, page);
}

base::Result<CatalogSnapshot> JsonCatalogRepository::Read(const CallScope&) const {
  const auto snapshot = store_.Current();
  return CatalogSnapshot{.catalog = snapshot->catalog.catalog, .revision = snapshot->revision};
}

base::Result<UpsertedHardware> JsonCatalogRepository::UpsertHardware(const domain::Hardware& change,
                                                                     const CallScope& scope) {
  return store_.Upsert(change, scope);
}

}  // namespace loadline::store::json
