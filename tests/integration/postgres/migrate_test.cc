#include "services/benchmark-store/repository/postgres/migrate.h"

#include <gmock/gmock.h>

#include <thread>

#include "libs/testing/matchers.h"
#include "libs/testing/postgres_server.h"

namespace loadline::store::postgres {
namespace {

using base::ErrorCode;
using loadline::testing::Fails;
using loadline::testing::IsOk;
using loadline::testing::SharedPostgres;
using loadline::testing::TestDatabase;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr Migration kFirst = {.number = 1, .name = "first", .sql = "CREATE TABLE first (n int)"};
constexpr Migration kSecond = {.number = 2, .name = "second", .sql = "CREATE TABLE second (n int)"};
constexpr Migration kBroken = {
    .number = 2, .name = "broken", .sql = "CREATE TABLE half (n int); INSERT INTO nowhere VALUES (1)"};

class MigrateTest : public ::testing::Test {
 protected:
  std::unique_ptr<Connection> Connect() { return Connection::Open(database_.url(), {}).value(); }

  base::Result<std::vector<MigrationStatus>> Apply(std::span<const Migration> migrations,
                                                   const MigrateOptions& options = {}) {
    return Migrate(*Connect(), migrations, options, {});
  }
  bool HasTable(const std::string& name) {
    return database_.Psql("SELECT to_regclass('" + name + "') IS NOT NULL").starts_with("t");
  }

  TestDatabase database_{SharedPostgres()};
};

TEST_F(MigrateTest, ThoseOfTheProgramApplyAndAreInOrder) {
  const auto applied = Apply(EmbeddedMigrations());
  ASSERT_THAT(applied, IsOk());
  EXPECT_THAT(*applied, SizeIs(EmbeddedMigrations().size()));
  for (std::size_t i = 0; i < EmbeddedMigrations().size(); ++i) {
    EXPECT_EQ(EmbeddedMigrations()[i].number, static_cast<int>(i + 1));
  }
  EXPECT_TRUE(HasTable("benchmark_results_default"));
}

TEST_F(MigrateTest, ASecondTimeFindsNothingToDo) {
  ASSERT_THAT(Apply(EmbeddedMigrations()), IsOk());
  EXPECT_THAT(Apply(EmbeddedMigrations()).value(), IsEmpty());
}

TEST_F(MigrateTest, ProgramsThatStartAtOnceMigrateOnce) {
  constexpr int kPrograms = 4;
  std::vector<std::size_t> applied(kPrograms);
  {
    std::vector<std::jthread> programs;
    for (int i = 0; i < kPrograms; ++i) {
      programs.emplace_back(
          [&, i] { applied[static_cast<std::size_t>(i)] = Apply(EmbeddedMigrations()).value().size(); });
    }
  }
  std::sort(applied.begin(), applied.end());
  EXPECT_EQ(applied, (std::vector<std::size_t>{0, 0, 0, EmbeddedMigrations().size()}));
}

TEST_F(MigrateTest, ToStopsAtANumber) {
  EXPECT_THAT(Apply(std::array{kFirst, kSecond}, {.to = 1}).value(), SizeIs(1));
  EXPECT_TRUE(HasTable("first"));
  EXPECT_FALSE(HasTable("second"));
  EXPECT_THAT(Apply(std::array{kFirst, kSecond}).value(), SizeIs(1));
  EXPECT_TRUE(HasTable("second"));
}

TEST_F(MigrateTest, ADryRunSaysWhatItWouldDoAndChangesNothing) {
  EXPECT_THAT(Apply(std::array{kFirst, kSecond}, {.dry_run = true}).value(), SizeIs(2));
  EXPECT_FALSE(HasTable("first"));
  EXPECT_FALSE(HasTable("schema_migrations"));
  EXPECT_THAT(Apply(std::array{kFirst, kBroken}, {.dry_run = true}),
              Fails(ErrorCode::kFailedPrecondition, "MIGRATION_FAILED"));
}

TEST_F(MigrateTest, AConnectionThatIsLostIsNoMistakeOfTheMigration) {
  const Migration cut_off = {.number = 2,
                             .name = "cut_off",
                             .sql = "CREATE TABLE half (a int); SELECT pg_terminate_backend(pg_backend_pid())"};
  EXPECT_THAT(Apply(std::array{kFirst, cut_off}), Fails(ErrorCode::kUnavailable, "DATABASE_UNAVAILABLE"));
}

TEST_F(MigrateTest, OneThatFailsIsRolledBackAndThoseBeforeStay) {
  const auto failed = Apply(std::array{kFirst, kBroken});
  ASSERT_THAT(failed, Fails(ErrorCode::kFailedPrecondition, "MIGRATION_FAILED"));
  EXPECT_THAT(failed.error().message, HasSubstr("0002_broken.sql"));
  EXPECT_THAT(failed.error().message, HasSubstr("nowhere"));
  EXPECT_TRUE(HasTable("first"));
  EXPECT_FALSE(HasTable("half"));
  EXPECT_THAT(Apply(std::array{kFirst, kSecond}), IsOk()) << "a repaired one goes on where it stopped";
}

TEST_F(MigrateTest, AnAppliedOneThatChangedIsAnError) {
  ASSERT_THAT(Apply(std::array{kFirst}), IsOk());
  auto changed = kFirst;
  changed.sql = "CREATE TABLE first (m int)";
  const auto refused = Apply(std::array{changed, kSecond});
  ASSERT_THAT(refused, Fails(ErrorCode::kFailedPrecondition, "MIGRATION_CHANGED"));
  EXPECT_THAT(refused.error().message, HasSubstr("0001_first.sql"));
  EXPECT_FALSE(HasTable("second"));
}

TEST_F(MigrateTest, ADatabaseThatANewerProgramMadeIsAccepted) {
  ASSERT_THAT(Apply(std::array{kFirst, kSecond}), IsOk());
  EXPECT_THAT(Apply(std::array{kFirst}).value(), IsEmpty());
  const auto status = ReadMigrationStatus(*Connect(), std::array{kFirst}, {}).value();
  ASSERT_THAT(status, SizeIs(2));
  EXPECT_FALSE(status[0].unknown);
  EXPECT_TRUE(status[1].unknown);
  EXPECT_EQ(status[1].name, "second");
  EXPECT_THAT(CheckSchema(status), IsOk());
}

TEST_F(MigrateTest, ASchemaThatLacksMigrationsIsNamed) {
  ASSERT_THAT(Apply(std::array{kFirst}), IsOk());
  const auto lacking = CheckSchema(ReadMigrationStatus(*Connect(), std::array{kFirst, kSecond}, {}).value());
  ASSERT_THAT(lacking, Fails(ErrorCode::kFailedPrecondition, "SCHEMA_TOO_OLD"));
  EXPECT_THAT(lacking.error().message, HasSubstr("0002_second.sql"));
}

TEST_F(MigrateTest, ARoleThatMayNotCreateTheExtensionIsToldWhoRunsWhat) {
  const std::string role = "migrates_" + database_.name();
  SharedPostgres().CreateRole(role, "secret");
  database_.Psql("GRANT CREATE ON SCHEMA public TO " + role);
  const auto url = SharedPostgres().Url(database_.name(), role, "secret");
  const auto migrate = [&] { return Migrate(*Connection::Open(url, {}).value(), EmbeddedMigrations(), {}, {}); };
  const auto refused = migrate();
  ASSERT_THAT(refused, Fails(ErrorCode::kFailedPrecondition, "EXTENSION_MISSING"));
  EXPECT_THAT(refused.error().message, HasSubstr("`CREATE EXTENSION pg_trgm;`"));
  EXPECT_FALSE(HasTable("models"));
  database_.Psql("CREATE EXTENSION pg_trgm");
  EXPECT_THAT(migrate(), IsOk());
  database_.Psql("DROP OWNED BY " + role + "; DROP ROLE " + role);
}

}  // namespace
}  // namespace loadline::store::postgres
