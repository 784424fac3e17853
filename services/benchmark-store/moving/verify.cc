#include "services/benchmark-store/moving/verify.h"

#include <algorithm>

#include "libs/json/benchmark_json.h"
#include "libs/json/catalog_json.h"
#include "services/benchmark-store/repository/postgres/catalog_store.h"
#include "services/benchmark-store/repository/quarantine_json.h"

namespace loadline::store::moving {
namespace {

std::string TextOf(const nlohmann::json& row) {
  return row.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// Without what does not make two rows different ones.
domain::Measurement IdentityOf(domain::Measurement measurement) {
  domain::Provenance identity;
  identity.source = std::move(measurement.provenance.source);
  identity.origin = measurement.provenance.origin;
  measurement.provenance = std::move(identity);
  measurement.load.saturated = false;
  return measurement;
}

/// A row's key and all of its content, as text.
struct RowText {
  std::string key;
  std::string content;
};

RowText TextOf(MovedRow row, bool identity_only) {
  auto key = domain::BenchmarkId::Of(row.verdict.measurement).ToString();
  if (identity_only) return {key, TextOf(json::WriteMeasurement(IdentityOf(std::move(row.verdict.measurement))))};
  if (!row.quarantined) return {key, TextOf(json::WriteMeasurement(row.verdict.measurement))};
  return {key, TextOf(WriteQuarantined(QuarantinedFrom(std::move(row.verdict), std::move(row.location))))};
}

class RowComparison {
 public:
  RowComparison(bool merges, const OnProgress& on_progress) : merges_(merges), on_progress_(on_progress) {}

  base::Status Expect(Source& source) {
    return ForEach(source, [](TableComparison& table, RowText row) { table.Expect(std::move(row.key), row.content); });
  }
  base::Status Find(Source& destination) {
    return ForEach(destination, [](TableComparison& table, const RowText& row) { table.Find(row.key, row.content); });
  }

  std::vector<TableVerdict> Finish() { return {benchmarks_.Finish(), quarantine_.Finish()}; }

 private:
  template <typename Visit>
  base::Status ForEach(Source& source, const Visit& visit) {
    std::string position;
    do {
      LOADLINE_ASSIGN_OR_RETURN(auto page, source.Read(position));
      for (auto& row : page.rows) {
        auto& table = row.quarantined ? quarantine_ : benchmarks_;
        visit(table, TextOf(std::move(row), merges_));
      }
      on_progress_(rows_ += std::ssize(page.rows));
      position = std::move(page.next);
    } while (!position.empty());
    return {};
  }

  const bool merges_;
  const OnProgress& on_progress_;
  std::int64_t rows_ = 0;
  TableComparison benchmarks_{"benchmarks"};
  TableComparison quarantine_{"quarantine"};
};

/// A row of a catalogue is moved where putting it there again would change
/// nothing.
template <typename T, typename Write>
TableVerdict CompareTable(const std::string& name, const std::vector<T>& source, const std::vector<T>& missing,
                          std::string T::*key, const Write& write) {
  TableComparison table(name);
  for (const T& row : source) table.Expect(row.*key, TextOf(write({row})));
  for (const T& row : source) {
    const bool is_there =
        std::none_of(missing.begin(), missing.end(), [&](const T& each) { return each.*key == row.*key; });
    if (is_there) table.Find(row.*key, TextOf(write({row})));
  }
  return table.Finish();
}

}  // namespace

base::Result<std::vector<TableVerdict>> Verify(Source& source, Source& destination, bool merges,
                                               const OnProgress& on_progress) {
  RowComparison rows(merges, on_progress);
  LOADLINE_RETURN_IF_ERROR(rows.Expect(source));
  LOADLINE_RETURN_IF_ERROR(rows.Find(destination));
  auto verdicts = rows.Finish();
  const auto& from = source.catalog();
  const auto changes = postgres::CatalogChanges(destination.catalog(), from);
  verdicts.push_back(
      CompareTable("hardware", from.hardware, changes.hardware, &domain::Hardware::name, json::WriteHardware));
  verdicts.push_back(CompareTable("models", from.models, changes.models, &domain::Model::name, json::WriteModels));
  verdicts.push_back(
      CompareTable("use_cases", from.use_cases, changes.use_cases, &domain::UseCase::id, json::WriteUseCases));
  return verdicts;
}

}  // namespace loadline::store::moving
