#pragma once

#include <optional>
#include <string>

#include "libs/testing/postgres_server.h"
#include "tests/integration/services.h"

namespace loadline::testing {

/// The settings of a store on a database.
inline Environment OnDatabase(const StoreData& data, const std::string& url, const Environment& extra = {}) {
  auto environment = data.environment();
  environment.insert({{"BENCHMARK_SOURCE", "postgresql"}, {"DATABASE_URL", url}});
  environment.insert(extra.begin(), extra.end());
  return environment;
}

/// What a store keeps its data in: "json", or for "postgresql" a database of
/// the shared server, with a table `canary` that the store may drop.
class StoreOn {
 public:
  explicit StoreOn(const std::string& backend) {
    if (backend != "postgresql") return;
    database_.emplace(SharedPostgres());
    database_->Psql("CREATE TABLE canary (a int); ALTER TABLE canary OWNER TO loadline");
  }

  Environment environment() const { return database_ ? OnDatabase(data_, database_->url()) : data_.environment(); }
  /// What the database answers to SQL; empty where there is none.
  std::string Psql(const std::string& sql) const { return database_ ? database_->Psql(sql) : ""; }
  /// The names of the database's tables.
  std::string Tables() const { return Psql("SELECT string_agg(tablename, ' ' ORDER BY tablename) FROM pg_tables"); }

 private:
  StoreData data_;
  std::optional<TestDatabase> database_;
};

}  // namespace loadline::testing
