#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "services/benchmark-store/moving/place.h"
#include "services/benchmark-store/moving/source.h"
#include "services/benchmark-store/repository/postgres/connection.h"
#include "services/benchmark-store/repository/postgres/postgres_repositories.h"

namespace loadline::store::moving {

/// A database of ours, open. Its repositories are good as long as this is.
class OpenDatabase {
 public:
  /// Fails as PostgresStore::Open.
  static base::Result<std::unique_ptr<OpenDatabase>> Open(const std::string& url);

  BenchmarkRepository& benchmarks() { return benchmarks_; }
  CatalogRepository& catalog() { return catalog_; }

 private:
  explicit OpenDatabase(std::unique_ptr<postgres::PostgresStore> store) : store_(std::move(store)) {}

  std::unique_ptr<postgres::PostgresStore> store_;
  postgres::PostgresBenchmarkRepository benchmarks_{*store_};
  postgres::PostgresCatalogRepository catalog_{*store_};
};

/// What the database at `url` holds.
base::Result<std::unique_ptr<Source>> OpenDatabaseSource(const std::string& url);

/// What a store on these files would hold: `path` is the folder, or the file of
/// benchmarks beside which the catalogue is. They are only read.
base::Result<std::unique_ptr<Source>> OpenJsonSource(const std::filesystem::path& path);

/// Either of these. Fails with `kInvalidArgument` on `--from` for a SQLite file.
base::Result<std::unique_ptr<Source>> OpenSource(const Place& place);

/// A connection for what no repository does. Waits half a minute for a database
/// that is away.
base::Result<std::unique_ptr<postgres::Connection>> Connect(const std::string& url);

/// Both are connected to one database.
base::Result<bool> AreOneDatabase(postgres::Connection& a, postgres::Connection& b);

}  // namespace loadline::store::moving
