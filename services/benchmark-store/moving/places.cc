#include "services/benchmark-store/moving/places.h"

#include "services/benchmark-store/app/canonical_names.h"
#include "services/benchmark-store/moving/repository_source.h"
#include "services/benchmark-store/repository/json/json_repositories.h"
#include "services/benchmark-store/repository/postgres/call_time.h"

namespace loadline::store::moving {
namespace {

constexpr std::chrono::seconds kConnectPatience{30};
// A cluster and its start, and the database in it.
constexpr char kWhichDatabase[] =
    "SELECT pg_postmaster_start_time()::text, oid::text FROM pg_database WHERE datname = current_database()";

/// A source together with what it reads.
template <typename Holder>
class Holding final : public Source {
 public:
  Holding(std::unique_ptr<Holder> holder, std::unique_ptr<Source> source)
      : holder_(std::move(holder)), source_(std::move(source)) {}

  base::Result<RowPage> Read(const std::string& after) override { return source_->Read(after); }
  const Catalog& catalog() const override { return source_->catalog(); }
  std::int64_t row_count() const override { return source_->row_count(); }
  std::string identity() const override { return source_->identity(); }

 private:
  std::unique_ptr<Holder> holder_;
  std::unique_ptr<Source> source_;
};

template <typename Holder>
base::Result<std::unique_ptr<Source>> Hold(std::unique_ptr<Holder> holder) {
  LOADLINE_ASSIGN_OR_RETURN(auto source, OpenRepositories(holder->benchmarks(), holder->catalog()));
  return std::make_unique<Holding<Holder>>(std::move(holder), std::move(source));
}

class OpenFiles {
 public:
  explicit OpenFiles(std::unique_ptr<json::JsonStore> store) : store_(std::move(store)) {}
  BenchmarkRepository& benchmarks() { return benchmarks_; }
  CatalogRepository& catalog() { return catalog_; }

 private:
  std::unique_ptr<json::JsonStore> store_;
  json::JsonBenchmarkRepository benchmarks_{*store_};
  json::JsonCatalogRepository catalog_{*store_};
};

}  // namespace

base::Result<std::unique_ptr<OpenDatabase>> OpenDatabase::Open(const std::string& url) {
  // Stores that serve do the maintenance.
  LOADLINE_ASSIGN_OR_RETURN(
      auto store, postgres::PostgresStore::Open(
                      {.pool = {.url = url, .max_connections = 4}, .maintenance_interval = postgres::kLongestTime}));
  return std::unique_ptr<OpenDatabase>(new OpenDatabase(std::move(store)));
}

base::Result<std::unique_ptr<Source>> OpenDatabaseSource(const std::string& url) {
  LOADLINE_ASSIGN_OR_RETURN(auto database, OpenDatabase::Open(url));
  return Hold(std::move(database));
}

base::Result<std::unique_ptr<Source>> OpenJsonSource(const std::filesystem::path& path) {
  std::error_code ignored;
  const bool is_folder = std::filesystem::is_directory(path, ignored);
  LOADLINE_ASSIGN_OR_RETURN(auto store,
                            json::JsonStore::Open({.benchmarks = is_folder ? path / "benchmarks.json" : path,
                                                   .catalog_folder = is_folder ? path : path.parent_path(),
                                                   .intake = JudgeRow,
                                                   .read_only = true}));
  return Hold(std::make_unique<OpenFiles>(std::move(store)));
}

base::Result<std::unique_ptr<Source>> OpenSource(const Place& place) {
  if (place.kind == PlaceKind::kJson) return OpenJsonSource(place.where);
  if (place.kind == PlaceKind::kPostgres) return OpenDatabaseSource(place.where);
  return base::Fail(base::InvalidArgument(
      "--from", "cannot be a SQLite file: `loadline migrate-data` moves it into a database, which can be exported"));
}

base::Result<std::unique_ptr<postgres::Connection>> Connect(const std::string& url) {
  return postgres::Connection::Open(url, postgres::Within(kConnectPatience));
}

base::Result<bool> AreOneDatabase(postgres::Connection& a, postgres::Connection& b) {
  LOADLINE_ASSIGN_OR_RETURN(const auto one, a.Run(kWhichDatabase, {}, {}));
  LOADLINE_ASSIGN_OR_RETURN(const auto other, b.Run(kWhichDatabase, {}, {}));
  return one.View(0, 0) == other.View(0, 0) && one.View(0, 1) == other.View(0, 1);
}

}  // namespace loadline::store::moving
