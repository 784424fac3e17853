#include "libs/json/catalog_json.h"
#include "libs/testing/postgres_server.h"
#include "services/benchmark-store/repository/postgres/migrate.h"
#include "services/benchmark-store/repository/postgres/postgres_repositories.h"
#include "tests/conformance/search_suite.h"

namespace loadline::store {
namespace {

using loadline::testing::SharedPostgres;
using loadline::testing::TestDatabase;

Catalog Seed() {
  const domain::Hardware h100 = {.name = "H100", .memory_gib = 80, .prices = {{"aws", "on_demand", 2}}, .aliases = {}};
  return {.models = json::ReadModels(nlohmann::json::parse(kModelDocument)).value(),
          .hardware = {h100},
          .use_cases = json::ReadUseCases(nlohmann::json::parse(kUseCaseDocument)).value()};
}

/// A database with the schema and nothing else, to copy.
const TestDatabase& MigratedDatabase() {
  static const TestDatabase database(SharedPostgres());
  static const bool migrated = [] {
    const auto connection = postgres::Connection::Open(database.url(), {}).value();
    return postgres::Migrate(*connection, postgres::EmbeddedMigrations(), {}, {}).has_value();
  }();
  EXPECT_TRUE(migrated);
  return database;
}

class PostgresBackend final : public Backend {
 public:
  PostgresBackend() { Restart(); }

  BenchmarkRepository& benchmarks() override { return *benchmarks_; }
  CatalogRepository& catalog() override { return *catalog_; }

  void Restart() override {
    store_.reset();
    store_ =
        postgres::PostgresStore::Open({.pool = {.url = database_.url(), .max_connections = 8}, .seed = Seed()}).value();
    benchmarks_.emplace(*store_);
    catalog_.emplace(*store_);
  }

 private:
  TestDatabase database_{SharedPostgres(), MigratedDatabase().name()};
  std::unique_ptr<postgres::PostgresStore> store_;
  std::optional<postgres::PostgresBenchmarkRepository> benchmarks_;
  std::optional<postgres::PostgresCatalogRepository> catalog_;
};

INSTANTIATE_TEST_SUITE_P(Postgres, RepositorySuite,
                         ::testing::Values(BackendCase{.name = "postgresql",
                                                       .make = [] { return std::make_unique<PostgresBackend>(); }}),
                         [](const auto& each) { return each.param.name; });
INSTANTIATE_TEST_SUITE_P(Postgres, SearchSuite,
                         ::testing::Values(BackendCase{.name = "postgresql",
                                                       .make = [] { return std::make_unique<PostgresBackend>(); }}),
                         [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace loadline::store
