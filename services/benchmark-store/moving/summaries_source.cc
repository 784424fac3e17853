#include "services/benchmark-store/moving/summaries_source.h"

#include <fmt/format.h>

#include "services/benchmark-store/app/canonical_names.h"
#include "services/benchmark-store/app/text_limit.h"

namespace loadline::store::moving {
namespace {

class SummariesSource final : public Source {
 public:
  SummariesSource(SummaryTable& table, SummaryReader reader, std::shared_ptr<const Catalog> names)
      : table_(table), reader_(std::move(reader)), names_(std::move(names)) {}

  base::Result<RowPage> Read(const std::string& after) override {
    LOADLINE_ASSIGN_OR_RETURN(auto page, table_.Read(after));
    RowPage result = {.rows = {}, .next = std::move(page.next)};
    for (auto& cells : page.rows) result.rows.push_back(Judged(std::move(cells)));
    return result;
  }

  const Catalog& catalog() const override { return none_; }
  std::int64_t row_count() const override { return table_.row_count(); }
  std::string identity() const override {
    return fmt::format("exported_summaries in {} with {} rows", table_.kind(), table_.row_count());
  }

 private:
  MovedRow Judged(SummaryCells cells) const {
    auto row = reader_(table_.columns(), std::move(cells.values));
    row.location = std::move(cells.location);
    row.measurement.provenance.format = "exported_summaries/" + table_.kind();
    row = WithinTextLimits(std::move(row));
    auto verdict = JudgeRow(std::move(row.measurement), row.problems, *names_);
    const bool quarantined = !verdict.accepted();
    return {.verdict = std::move(verdict), .quarantined = quarantined, .location = std::move(row.location)};
  }

  SummaryTable& table_;
  const SummaryReader reader_;
  const std::shared_ptr<const Catalog> names_;
  const Catalog none_;
};

}  // namespace

std::unique_ptr<Source> OpenSummaries(SummaryTable& table, SummaryReader reader, std::shared_ptr<const Catalog> names) {
  return std::make_unique<SummariesSource>(table, std::move(reader), std::move(names));
}

}  // namespace loadline::store::moving
