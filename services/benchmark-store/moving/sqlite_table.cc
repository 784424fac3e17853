#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include <charconv>

#include "services/benchmark-store/moving/summary_table.h"

namespace loadline::store::moving {
namespace {

constexpr int kPageRows = 1000;

base::Error Unusable(const std::string& path, std::string_view why) {
  return base::InvalidArgument(
      "--from",
      fmt::format("{} is no SQLite database with a table exported_summaries that can be read: {}", path, why));
}

/// Numbers with as many digits as tell them apart, which SQLite's own texts
/// have not.
std::optional<std::string> TextOf(const SQLite::Column& value) {
  if (value.isNull()) return std::nullopt;
  if (value.isFloat()) return fmt::format("{}", value.getDouble());
  return value.getString();
}

class SqliteTable final : public SummaryTable {
 public:
  explicit SqliteTable(const std::string& path) : path_(path), database_(path, SQLite::OPEN_READONLY) {
    SQLite::Statement columns(database_, "SELECT name FROM pragma_table_info('exported_summaries')");
    while (columns.executeStep()) columns_.push_back(columns.getColumn(0).getString());
    row_count_ = database_.execAndGet("SELECT count(*) FROM exported_summaries").getInt64();
  }

  const std::vector<std::string>& columns() const override { return columns_; }
  std::int64_t row_count() const override { return row_count_; }
  std::string kind() const override { return "sqlite"; }

  base::Result<SummaryPage> Read(const std::string& after) override {
    try {
      return ReadPage(after);
    } catch (const SQLite::Exception& failure) {
      return base::Fail(Unusable(path_, failure.what()));
    }
  }

 private:
  SummaryPage ReadPage(const std::string& after) {
    SQLite::Statement query(
        database_,
        fmt::format("SELECT rowid, * FROM exported_summaries WHERE rowid > ? OR ? ORDER BY rowid LIMIT {}", kPageRows));
    std::int64_t last = 0;
    std::from_chars(after.data(), after.data() + after.size(), last);
    query.bind(1, last);
    query.bind(2, after.empty() ? 1 : 0);
    SummaryPage page;
    while (query.executeStep()) {
      last = query.getColumn(0).getInt64();
      page.rows.push_back(CellsOf(query));
    }
    if (page.rows.size() == kPageRows) page.next = std::to_string(last);
    return page;
  }

  SummaryCells CellsOf(SQLite::Statement& row) const {
    SummaryCells cells = {.values = {}, .location = "exported_summaries rowid " + row.getColumn(0).getString()};
    for (int column = 1; column < row.getColumnCount(); ++column) cells.values.push_back(TextOf(row.getColumn(column)));
    return cells;
  }

  const std::string path_;
  SQLite::Database database_;
  std::vector<std::string> columns_;
  std::int64_t row_count_ = 0;
};

}  // namespace

base::Result<std::unique_ptr<SummaryTable>> OpenSqliteTable(const std::string& path) {
  try {
    return std::make_unique<SqliteTable>(path);
  } catch (const SQLite::Exception& failure) {
    return base::Fail(Unusable(path, failure.what()));
  }
}

}  // namespace loadline::store::moving
