#include <gmock/gmock.h>

#include <array>

#include "libs/testing/matchers.h"
#include "services/benchmark-store/repository/postgres/migrate.h"
#include "tests/integration/store_client.h"
#include "tests/integration/store_on.h"

namespace loadline::testing {
namespace {

using base::ErrorCode;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kStore[] = LOADLINE_BINARY_DIR "/bin/benchmark-store";
constexpr char kSecret[] = "correct-horse-7c1f";

/// benchmark-store with arguments, and what it wrote until it ended.
struct Ended {
  Ended(const Environment& settings, const std::vector<std::string>& arguments = {}) {
    auto environment = settings;
    environment.emplace("LISTEN_ADDRESS", "127.0.0.1:0");
    Process process({.binary = kStore, .arguments = arguments, .environment = environment});
    status = process.Wait();
    said = process.Output() + process.ErrorOutput();
  }
  std::optional<int> status;
  std::string said;
};

class RefusalTest : public ::testing::Test {
 protected:
  RefusalTest() : database(SharedPostgres()) {}

  // A role of this test, which knows the password.
  std::string NewRole(const std::string& name) {
    SharedPostgres().CreateRole(name, kSecret);
    return name;
  }
  std::string UrlAs(const std::string& role, const std::string& password = kSecret) const {
    return SharedPostgres().Url(database.name(), role, password);
  }
  void Migrate() {
    const Ended migrated(OnDatabase(data, database.url()), {"migrate"});
    ASSERT_EQ(migrated.status, 0) << migrated.said;
  }

  StoreData data;
  TestDatabase database;
};

TEST_F(RefusalTest, AWrongPasswordIsRefusedAndNeverPrinted) {
  const auto role = NewRole("mistaken");
  const std::string wrong = "wrong-pony-93ab";
  const auto forms = {UrlAs(role, wrong), "host=127.0.0.1 port=" + std::to_string(SharedPostgres().port()) +
                                              " user=mistaken dbname=" + database.name() + " password=" + wrong};
  for (const auto& url : forms) {
    for (const auto& arguments : {std::vector<std::string>{}, {"migrate"}, {"migrate", "--status"}}) {
      auto environment = OnDatabase(data, url, {{"LOG_LEVEL", "debug"}});
      const Ended refused(environment, arguments);
      EXPECT_EQ(refused.status, 2);
      EXPECT_THAT(refused.said, HasSubstr("DATABASE_REFUSED"));
      EXPECT_THAT(refused.said, Not(HasSubstr(wrong)));
    }
  }
}

TEST_F(RefusalTest, ARoleThatOwnsNothingServesWithTheGrantsThatOperationsNames) {
  Migrate();
  const auto role = NewRole("serves");
  database.Psql(
      "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO serves; GRANT EXECUTE ON FUNCTION "
      "ensure_benchmark_partition(date), refresh_daily_model_stats(), analyze_benchmarks() TO serves");
  StoreProcess store(
      OnDatabase(data, UrlAs(role), {{"MIGRATE_ON_START", "false"}, {"DATABASE_MAINTENANCE_INTERVAL_MS", "10"}}));
  const StoreClient client(store.address());
  ASSERT_THAT(client.Import(CurveOf("acme/a")), IsOk());
  EXPECT_THAT(client.FindClosest("acme/a"), IsOk());
  EXPECT_TRUE(database.Await(
      "SELECT m.revision = s.revision FROM maintenance m, store_state s WHERE task = 'daily_model_stats'"));
}

TEST_F(RefusalTest, AGoodPasswordIsNeverPrintedEither) {
  const auto role = NewRole("trusted");
  SharedPostgres().Psql("GRANT ALL ON DATABASE " + database.name() + " TO trusted; ALTER DATABASE " + database.name() +
                        " OWNER TO trusted");
  StoreProcess store(OnDatabase(data, UrlAs(role), {{"LOG_LEVEL", "debug"}}));
  const StoreClient client(store.address());
  ASSERT_THAT(client.Import(CurveOf("acme/a")), IsOk());
  SharedPostgres().Psql("ALTER ROLE trusted PASSWORD 'another'");
  SharedPostgres().Psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'trusted'");
  const auto refused = client.FindClosest("acme/a");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, Not(HasSubstr(kSecret)));
  store.process().Signal(SIGTERM);
  EXPECT_EQ(store.process().Wait(), 0);
  EXPECT_THAT(store.process().Output() + store.process().ErrorOutput(), Not(HasSubstr(kSecret)));
}

TEST_F(RefusalTest, AMalformedUrlIsNotPrinted) {
  const Ended refused(OnDatabase(data, std::string("postgresql://user:") + kSecret + "@[half"));
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.said, HasSubstr("DATABASE_URL"));
  EXPECT_THAT(refused.said, Not(HasSubstr(kSecret)));
}

TEST_F(RefusalTest, ARoleWithoutRightsCannotMigrateAndIsToldWhatIsMissing) {
  const auto url = UrlAs(NewRole("stranger"));
  for (const auto& arguments : {std::vector<std::string>{}, {"migrate"}}) {
    const Ended refused(OnDatabase(data, url), arguments);
    EXPECT_EQ(refused.status, 2);
    EXPECT_THAT(refused.said, HasSubstr("permission denied"));
    EXPECT_THAT(refused.said, Not(HasSubstr(kSecret)));
  }
  EXPECT_EQ(database.Psql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), "0");
}

TEST_F(RefusalTest, ARoleThatMayOnlyReadReads) {
  const auto url = UrlAs(NewRole("reader"));
  const auto rows = CurveOf("acme/a");
  {
    StoreProcess owner(OnDatabase(data, database.url()));
    ASSERT_THAT(StoreClient(owner.address()).Import(rows), IsOk());
  }
  database.Psql("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader");
  StoreProcess store(OnDatabase(data, url));
  const StoreClient client(store.address());
  EXPECT_THAT(client.Ids(), IsOkAnd(IdsOf(rows)));
  const auto refused = client.Import(CurveOf("acme/b"));
  ASSERT_THAT(refused, Fails(ErrorCode::kFailedPrecondition, "DATABASE_NOT_ALLOWED"));
  EXPECT_THAT(client.Ids(), IsOkAnd(IdsOf(rows)));
}

TEST_F(RefusalTest, AMigrationThatFailsHalfWayIsRolledBackAndSaysWhy) {
  database.Psql("CREATE TABLE curves (mine int)");
  const Ended failed(OnDatabase(data, database.url()), {"migrate"});
  EXPECT_EQ(failed.status, 2);
  EXPECT_THAT(failed.said, HasSubstr("0002_benchmarks.sql failed and was rolled back"));
  EXPECT_THAT(failed.said, HasSubstr("relation \"curves\" already exists"));
  EXPECT_EQ(database.Psql("SELECT to_regclass('configurations') IS NULL"), "t") << "made by 0002 before it failed";
  EXPECT_EQ(database.Psql("SELECT string_agg(number::text, ' ') FROM schema_migrations"), "1");

  database.Psql("DROP TABLE curves");
  Migrate();
  StoreProcess store(OnDatabase(data, database.url()));
  EXPECT_THAT(StoreClient(store.address()).Ids(), IsOkAnd(IsEmpty()));
}

TEST_F(RefusalTest, TheOldProgramWorksWhileANewerMigrationFailsAndAfterItWorked) {
  Migrate();
  StoreProcess running(OnDatabase(data, database.url()));
  const StoreClient client(running.address());
  namespace pg = store::postgres;
  const store::CallScope patient{.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20)};
  auto connection = pg::Connection::Open(database.url(), patient);
  ASSERT_THAT(connection, IsOk());
  const auto known = pg::EmbeddedMigrations();
  std::vector<pg::Migration> newer(known.begin(), known.end());
  newer.push_back(
      {.number = 9001, .name = "broken", .sql = "CREATE TABLE half (a int); ALTER TABLE curves ADD nonsense"});
  EXPECT_THAT(pg::Migrate(**connection, newer, {}, patient), Fails(ErrorCode::kFailedPrecondition, "MIGRATION_FAILED"));
  EXPECT_EQ(database.Psql("SELECT to_regclass('half') IS NULL"), "t");
  EXPECT_THAT(client.Import(CurveOf("acme/a")), IsOk());

  newer.back().sql = "ALTER TABLE curves ADD note text";
  EXPECT_THAT(pg::Migrate(**connection, newer, {}, patient), IsOk());
  EXPECT_THAT(client.Import(CurveOf("acme/b")), IsOk());
  StoreProcess restarted(OnDatabase(data, database.url()));
  EXPECT_THAT(StoreClient(restarted.address()).Import(CurveOf("acme/c")), IsOk());
}

}  // namespace
}  // namespace loadline::testing
