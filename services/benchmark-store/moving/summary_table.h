#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libs/base/result.h"
#include "services/benchmark-store/repository/postgres/connection.h"

/// The table `exported_summaries`, which an older tool kept its benchmarks in.
namespace loadline::store::moving {

/// One row as texts, in the order of the columns; nullopt is NULL.
struct SummaryCells {
  std::vector<std::optional<std::string>> values;
  /// Where it stands in the table, as the database names rows.
  std::string location;
};

struct SummaryPage {
  std::vector<SummaryCells> rows;
  /// The `after` of the next page; empty on the last.
  std::string next;
};

/// The table, wherever it is. Nothing of it is ever changed.
class SummaryTable {
 public:
  virtual ~SummaryTable() = default;
  virtual const std::vector<std::string>& columns() const = 0;
  virtual std::int64_t row_count() const = 0;
  /// The rows after `after` (empty: the first), in an order that stays.
  virtual base::Result<SummaryPage> Read(const std::string& after) = 0;
  /// What kind of database it is in, such as "sqlite".
  virtual std::string kind() const = 0;
};

/// The table in the SQLite file at `path`. Fails with `kInvalidArgument` on
/// `--from` where there is no such file or table.
base::Result<std::unique_ptr<SummaryTable>> OpenSqliteTable(const std::string& path);

/// The table in PostgreSQL, which must be there. `connection` must outlive it.
base::Result<std::unique_ptr<SummaryTable>> OpenPostgresTable(postgres::Connection& connection);

}  // namespace loadline::store::moving
