#include <gmock/gmock.h>
#include <signal.h>

#include "libs/testing/matchers.h"
#include "libs/testing/wait.h"
#include "tests/integration/store_client.h"
#include "tests/integration/store_on.h"

namespace loadline::testing {
namespace {

namespace fs = std::filesystem;

/// Copies of the scripts and a folder of backups that the server's user, who
/// may not see the checkout, can use.
class Backups {
 public:
  Backups() {
    fs::permissions(folder_.path(), fs::perms::all);
    for (const auto* name : {"postgres-backup.sh", "postgres-common.sh"}) {
      fs::copy_file(fs::path(LOADLINE_SOURCE_DIR "/scripts") / name, folder_ / name);
    }
  }

  /// Runs the script for a server, and throws with what it said if it fails.
  void Run(const PostgresServer& server, const std::vector<std::string>& arguments) const {
    Process script(
        {.binary = script_path(),
         .arguments = arguments,
         .environment = {{"PGHOST", "127.0.0.1"}, {"PGPORT", std::to_string(server.port())}, {"PGUSER", "postgres"}}});
    if (script.Wait() != 0) throw std::runtime_error(script.Output() + script.ErrorOutput());
  }
  std::string path() const { return folder_ / "backups"; }

 private:
  fs::path script_path() const { return folder_ / "postgres-backup.sh"; }

  TempDir folder_;
};

/// All that was written so far is in the archive.
bool AwaitArchived(const PostgresServer& server) {
  const auto last = server.Psql("SELECT pg_walfile_name(pg_switch_wal())");
  return WaitFor([&] { return server.Psql("SELECT last_archived_wal >= '" + last + "' FROM pg_stat_archiver") == "t"; },
                 std::chrono::seconds(30));
}

/// A planner's answer names a revision, is fresh, and has so many options.
bool AwaitPlan(PlannerProcess& planner, std::int64_t revision, int options) {
  return WaitFor(
      [&] {
        const auto answer = planner.Plan(PlanRequest());
        return answer.status.ok() && !answer.response.freshness().stale() &&
               answer.response.freshness().revision() == revision && answer.response.options_size() == options;
      },
      std::chrono::seconds(20));
}

TEST(RestoredBackup, HoldsExactlyTheFirstOfTwoImports) {
  const StoreData data;
  const Backups backups;
  PostgresServer server;
  server.Psql("CREATE DATABASE loadline OWNER loadline");
  backups.Run(server, {"enable", backups.path()});
  server.Restart();
  const auto first = CurveOf("acme/a", 2);
  const auto second = CurveOf("acme/b", 4);

  std::optional<StoreProcess> store(OnDatabase(data, server.Url("loadline")));
  backups.Run(server, {"base", backups.path()});
  const auto imported = StoreClient(store->address()).Import(first);
  ASSERT_THAT(imported, IsOk());
  const auto moment = server.Psql("SELECT clock_timestamp()");
  const auto lost = StoreClient(store->address()).Import(second);
  ASSERT_THAT(lost, IsOk());
  PlannerProcess planner(store->address());
  ASSERT_TRUE(AwaitPlan(planner, lost->revision(), 2));
  ASSERT_TRUE(AwaitArchived(server));

  const auto restored = PostgresServer::On([&](const fs::path& data_dir) {
    backups.Run(server, {"restore", backups.path(), data_dir, "--time", moment});
  });
  ASSERT_TRUE(restored->Await("SELECT NOT pg_is_in_recovery()"));
  const int port = store->port();
  store.reset();
  store.emplace(OnDatabase(data, restored->Url("loadline")), port);
  const StoreClient client(store->address());
  EXPECT_THAT(client.Ids(), IsOkAnd(IdsOf(first)));
  EXPECT_TRUE(AwaitPlan(planner, imported->revision(), 1)) << "the planner still plans with what is no more";

  // History goes on, with a revision that meant something else before.
  const auto other = client.Import(CurveOf("acme/c", 8));
  ASSERT_THAT(other, IsOk());
  EXPECT_EQ(other->revision(), lost->revision());
  EXPECT_TRUE(AwaitPlan(planner, other->revision(), 2));
  auto expected = IdsOf(first);
  expected.merge(IdsOf(CurveOf("acme/c", 8)));
  EXPECT_THAT(client.Ids(), IsOkAnd(expected));
}

}  // namespace
}  // namespace loadline::testing
