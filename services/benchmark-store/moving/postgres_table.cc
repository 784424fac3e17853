#include <fmt/format.h>

#include "services/benchmark-store/moving/summary_table.h"

namespace loadline::store::moving {
namespace {

constexpr int kPageRows = 1000;
constexpr char kColumns[] =
    "SELECT attname, quote_ident(attname) FROM pg_attribute WHERE attrelid = 'exported_summaries'::regclass "
    "AND attnum > 0 AND NOT attisdropped ORDER BY attnum";
constexpr char kCount[] = "SELECT count(*) FROM exported_summaries";

/// Pages go by the place of rows in the table, so that each is found at once,
/// whatever keys the table has.
class PostgresTable final : public SummaryTable {
 public:
  PostgresTable(postgres::Connection& connection, std::vector<std::string> columns, const std::string& select_list,
                std::int64_t row_count)
      : connection_(connection),
        columns_(std::move(columns)),
        row_count_(row_count),
        page_({.name = "exported_summaries_page",
               // Not `ORDER BY ctid`: that would be the text of the select list.
               .sql = fmt::format("SELECT e.ctid::text{} FROM exported_summaries e WHERE e.ctid > $1::tid "
                                  "ORDER BY e.ctid LIMIT {}",
                                  select_list, kPageRows)}) {}

  const std::vector<std::string>& columns() const override { return columns_; }
  std::int64_t row_count() const override { return row_count_; }
  std::string kind() const override { return "postgresql"; }

  base::Result<SummaryPage> Read(const std::string& after) override {
    postgres::Parameters parameters;
    parameters.Text(after.empty() ? "(0,0)" : after);
    LOADLINE_ASSIGN_OR_RETURN(const auto rows, connection_.Run(page_, parameters, {}));
    SummaryPage page;
    for (int row = 0; row < rows.size(); ++row) page.rows.push_back(CellsOf(rows, row));
    if (rows.size() == kPageRows) page.next = rows.Text(rows.size() - 1, 0);
    return page;
  }

 private:
  SummaryCells CellsOf(const postgres::Rows& rows, int row) const {
    SummaryCells cells = {.values = {}, .location = "exported_summaries " + rows.Text(row, 0)};
    for (int column = 1; column <= static_cast<int>(columns_.size()); ++column) {
      cells.values.push_back(rows.IsNull(row, column) ? std::nullopt : std::optional(rows.Text(row, column)));
    }
    return cells;
  }

  postgres::Connection& connection_;
  const std::vector<std::string> columns_;
  const std::int64_t row_count_;
  const postgres::Statement page_;
};

}  // namespace

base::Result<std::unique_ptr<SummaryTable>> OpenPostgresTable(postgres::Connection& connection) {
  LOADLINE_ASSIGN_OR_RETURN(const auto rows, connection.Run(kColumns, {}, {}));
  LOADLINE_ASSIGN_OR_RETURN(const auto count, connection.Run(kCount, {}, {}));
  std::vector<std::string> columns;
  std::string select_list;
  for (int row = 0; row < rows.size(); ++row) {
    columns.push_back(rows.Text(row, 0));
    select_list += fmt::format(", {}::text", rows.View(row, 1));
  }
  return std::make_unique<PostgresTable>(connection, std::move(columns), select_list, count.BigInteger(0, 0));
}

}  // namespace loadline::store::moving
