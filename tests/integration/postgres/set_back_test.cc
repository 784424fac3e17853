#include <gmock/gmock.h>

#include <atomic>
#include <future>

#include "libs/testing/matchers.h"
#include "libs/testing/postgres_server.h"
#include "libs/testing/wait.h"
#include "services/benchmark-store/repository/postgres/migrate.h"
#include "services/benchmark-store/repository/postgres/postgres_store.h"
#include "tests/integration/postgres/one_curve.h"

/// A database that is set back to an earlier state while a store reads it: what
/// was read of the other history must not stay.
namespace loadline::store::postgres {
namespace {

using loadline::testing::IsOk;
using loadline::testing::SharedPostgres;
using loadline::testing::TestDatabase;
using loadline::testing::WaitFor;
using std::chrono::milliseconds;
using ::testing::ElementsAre;

constexpr char kLater[] =
    "UPDATE models SET catalogued = true; "
    "UPDATE store_state SET revision = 5, curves_revision = 5, catalog_revision = 5";

class SetBackTest : public ::testing::Test {
 protected:
  SetBackTest() {
    EXPECT_THAT(Migrate(*Connect(), EmbeddedMigrations(), {}, {}), IsOk());
    database_.Psql(OneCurve("acme/old"));
    database_.Psql(kLater);
    // The store's upkeep would come in between: it is somebody else's turn.
    EXPECT_THAT(other_->Run("SELECT pg_advisory_xact_lock(7023364510)", {}, {}), IsOk());
    PostgresStoreOptions options;
    options.pool.url = database_.url();
    options.on_event = [this](const char* event, const std::string&) {
      if (std::string_view(event) == "database_lost") lost_ = true;
    };
    store_ = PostgresStore::Open(std::move(options)).value();
  }

  std::unique_ptr<Connection> Connect() { return Connection::Open(database_.url(), {}).value(); }

  /// Runs `read` up to where it needs `table`; sets the database back, and
  /// waits until the store knows; then lets `read` go on.
  template <typename Read>
  auto ReadWhileSetBack(const std::string& table, const Read& read) {
    const auto other = Connect();
    EXPECT_THAT(other->Execute("BEGIN; LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE", {}), IsOk());
    auto reading = std::async(std::launch::async, read);
    EXPECT_TRUE(database_.Await("SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"));
    database_.Psql("UPDATE store_state SET revision = 1, curves_revision = 1, catalog_revision = 1");
    database_.Psql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND usename = 'loadline' AND state = 'idle'");
    EXPECT_TRUE(WaitFor([&] { return lost_ && store_->feed().live(); }));
    EXPECT_THAT(other->Execute("UPDATE models SET name = 'acme/new'; COMMIT", {}), IsOk());
    return reading.get();
  }

  TestDatabase database_{SharedPostgres()};
  std::unique_ptr<Connection> other_ = Connect();
  Transaction turn_ = Transaction::Begin(*other_, {}).value();
  std::atomic<bool> lost_ = false;
  std::unique_ptr<PostgresStore> store_;
};

TEST_F(SetBackTest, CurvesOfTheOtherHistoryAreReadAgain) {
  ASSERT_THAT(store_->KnownCurves()->ModelNames(), ElementsAre("acme/old"));
  database_.Psql("UPDATE store_state SET revision = 6, curves_revision = 6");
  const auto curves = ReadWhileSetBack("curves", [&] { return store_->Curves(6, {}); });
  ASSERT_THAT(curves, IsOk());
  EXPECT_THAT((*curves)->ModelNames(), ElementsAre("acme/new"));
  EXPECT_THAT(store_->KnownCurves()->ModelNames(), ElementsAre("acme/new"));
}

TEST_F(SetBackTest, ACatalogueOfTheOtherHistoryIsReadAgain) {
  const auto read = ReadWhileSetBack("use_case_taxonomy", [&] { return store_->ReadCatalog({}); });
  ASSERT_THAT(read, IsOk());
  const auto names = [](const CatalogSnapshot& snapshot) { return snapshot.catalog->models.front().name; };
  EXPECT_EQ(names(*read), "acme/new");
  EXPECT_EQ(names(store_->ReadCatalog({}).value()), "acme/new");
}

TEST_F(SetBackTest, AProvenanceOfTheOtherHistoryIsReadAgain) {
  database_.Psql(kOneProvenance);
  ASSERT_EQ(store_->ProvenanceOf(1, {}).value()->path, "");
  database_.Psql("UPDATE provenances SET path = 'new.json'");
  EXPECT_EQ(store_->ProvenanceOf(1, {}).value()->path, "") << "they never change, so that it is not asked again";
  ASSERT_THAT(ReadWhileSetBack("use_case_taxonomy", [&] { return store_->ReadCatalog({}); }), IsOk());
  EXPECT_EQ(store_->ProvenanceOf(1, {}).value()->path, "new.json");
}

TEST_F(SetBackTest, WatchersWakeUpAfterTheStateIsKnown) {
  std::atomic<bool> woken = false;
  std::atomic<int> told_first = 0;
  ChangeFeed feed(database_.url(), {.revision = 5}, {.on_state = [&](const StoreState& state) {
                    // Time for whoever would wake up too early.
                    if (state.revision > 5 && !WaitFor([&] { return woken.load(); }, milliseconds(100))) ++told_first;
                  }});
  auto watcher = std::async(std::launch::async, [&] {
    const auto revision = feed.Await(5, std::chrono::seconds(60), {});
    woken = true;
    return revision;
  });
  database_.Psql("UPDATE store_state SET revision = 6; SELECT pg_notify('loadline_changes', '')");
  EXPECT_EQ(watcher.get(), 6);
  EXPECT_EQ(told_first, 1);
}

}  // namespace
}  // namespace loadline::store::postgres
