#include "services/benchmark-store/moving/repository_source.h"

#include <fmt/format.h>

#include <optional>

namespace loadline::store::moving {
namespace {

constexpr int kPageRows = 2000;
// Positions name one of the two lists, and then a place in it.
constexpr std::string_view kBenchmarks = "benchmarks ";
constexpr std::string_view kQuarantine = "quarantine ";

class RepositorySource final : public Source {
 public:
  RepositorySource(const BenchmarkRepository& benchmarks, CatalogSnapshot catalog, const Changes& state,
                   std::int64_t row_count)
      : benchmarks_(benchmarks),
        catalog_(std::move(catalog.catalog)),
        revision_(state.revision),
        identity_(fmt::format("{} at revision {}", state.snapshot_id, state.revision)),
        row_count_(row_count) {}

  base::Result<RowPage> Read(const std::string& after) override {
    if (after.starts_with(kQuarantine)) return ReadQuarantine(after.substr(kQuarantine.size()));
    return ReadBenchmarks(after.empty() ? after : after.substr(kBenchmarks.size()));
  }

  const Catalog& catalog() const override { return *catalog_; }
  std::int64_t row_count() const override { return row_count_; }
  std::string identity() const override { return identity_; }

 private:
  PageRequest Request(const std::string& after) const {
    return {.size = kPageRows, .after = after, .revision = revision_};
  }

  base::Result<RowPage> ReadBenchmarks(const std::string& after) const {
    LOADLINE_ASSIGN_OR_RETURN(auto page, benchmarks_.List({}, Request(after), {}));
    RowPage result;
    for (auto& each : page.items) {
      result.rows.push_back({.verdict = {.measurement = std::move(each.measurement), .shape = each.shape}});
    }
    result.next = page.next.empty() ? std::string(kQuarantine) : std::string(kBenchmarks) + page.next;
    return result;
  }

  base::Result<RowPage> ReadQuarantine(const std::string& after) const {
    LOADLINE_ASSIGN_OR_RETURN(auto page, benchmarks_.ListQuarantined(Request(after), {}));
    RowPage result;
    for (auto& each : page.items) {
      result.rows.push_back(
          {.verdict = {.measurement = std::move(each.measurement), .reasons = std::move(each.reasons)},
           .quarantined = true,
           .location = std::move(each.location)});
    }
    if (!page.next.empty()) result.next = std::string(kQuarantine) + page.next;
    return result;
  }

  const BenchmarkRepository& benchmarks_;
  const std::shared_ptr<const Catalog> catalog_;
  const domain::Revision revision_;
  const std::string identity_;
  const std::int64_t row_count_;
};

}  // namespace

base::Result<std::unique_ptr<Source>> OpenRepositories(const BenchmarkRepository& benchmarks,
                                                       const CatalogRepository& catalog) {
  LOADLINE_ASSIGN_OR_RETURN(auto snapshot, catalog.Read({}));
  LOADLINE_ASSIGN_OR_RETURN(const auto state, benchmarks.ChangesSince(0, "", {}));
  LOADLINE_ASSIGN_OR_RETURN(const auto models, benchmarks.Models({}));
  std::int64_t rows = 0;
  for (const auto& model : models) rows += model.benchmark_count;
  return std::make_unique<RepositorySource>(benchmarks, std::move(snapshot), state, rows);
}

}  // namespace loadline::store::moving
