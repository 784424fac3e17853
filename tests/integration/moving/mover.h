#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "libs/testing/postgres_server.h"
#include "libs/testing/process.h"
#include "libs/testing/temp_dir.h"

namespace loadline::testing {

/// A database, a folder, and `loadline`, which moves data between them.
class Mover {
 public:
  struct Outcome {
    int status = -1;
    std::string out;
    std::string error;
    nlohmann::json Json() const { return nlohmann::json::parse(out); }
  };

  Mover();

  /// In the folder, where `catalog` is the product's catalogue.
  Outcome Loadline(const std::vector<std::string>& arguments) const;
  /// `loadline migrate-data --output json`, from `source` into the database.
  Outcome Migrate(const std::string& source, const std::vector<std::string>& more = {}) const;
  ProcessOptions MigrateProcess(const std::string& source, const std::vector<std::string>& more = {}) const;
  /// `benchmark-store migrate`.
  Outcome MakeSchema() const;

  /// A folder of JSON data as exports are: the catalogue, `rows` benchmarks and
  /// a few rows in quarantine.
  std::filesystem::path JsonData(const std::string& name, int rows) const;
  /// The table exported_summaries in the database, owned by the product's role:
  /// `rows` good ones and one that no import accepts.
  void MakeSummaries(int rows) const;
  /// All of the table, as one number.
  std::string SummariesHash() const;

  TestDatabase database{SharedPostgres()};
  TempDir folder;
};

/// Columns and, with `%d` for the number of the row, values of the rows that
/// MakeSummaries makes.
extern const char* const kSummaryColumns;
extern const char* const kSummaryTypes;
/// SELECT of `rows` rows from a table function `n(i)`.
std::string SummaryRows(const std::string& numbers);

/// The files of both folders are the same bytes, or which is not.
std::string DifferenceOf(const std::filesystem::path& a, const std::filesystem::path& b);

}  // namespace loadline::testing
