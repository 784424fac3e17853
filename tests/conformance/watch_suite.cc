#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "tests/conformance/suite.h"

namespace loadline::store {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Ne;

constexpr seconds kLong(60);

TEST_P(RepositorySuite, ChangesSinceNothingAreEverything) {
  Import({{.model = "b"}, {.model = "a"}});
  Import({{.model = "a", .rate = 2}});
  const auto changes = benchmarks().ChangesSince(0, "", {}).value();
  EXPECT_EQ(changes.revision, CurrentRevision());
  EXPECT_THAT(changes.models, ElementsAre("a", "b"));
  EXPECT_TRUE(changes.catalog);
  EXPECT_FALSE(changes.reset);
}

TEST_P(RepositorySuite, ChangesSinceARevisionAreThoseAfterIt) {
  Import({{.model = "a"}});
  const auto seen = benchmarks().ChangesSince(0, "", {}).value();
  Import({{.model = "c"}});
  Import({{.model = "b"}, {.model = "c", .rate = 2}});
  const auto changes = benchmarks().ChangesSince(seen.revision, seen.snapshot_id, {}).value();
  EXPECT_EQ(changes.revision, seen.revision + 2);
  EXPECT_THAT(changes.models, ElementsAre("b", "c"));
  EXPECT_FALSE(changes.catalog);
  EXPECT_FALSE(changes.reset);
  EXPECT_THAT(changes.snapshot_id, Ne(seen.snapshot_id));
}

TEST_P(RepositorySuite, ChangesSinceTheNewestRevisionAreNone) {
  Import({{}});
  const auto seen = benchmarks().ChangesSince(0, "", {}).value();
  const auto changes = benchmarks().ChangesSince(seen.revision, seen.snapshot_id, {}).value();
  EXPECT_EQ(changes.revision, seen.revision);
  EXPECT_EQ(changes.snapshot_id, seen.snapshot_id);
  EXPECT_THAT(changes.models, IsEmpty());
  EXPECT_FALSE(changes.catalog);
  EXPECT_FALSE(changes.reset);
}

TEST_P(RepositorySuite, QuarantinedRowsChangeNoModel) {
  Import({{}});
  const auto seen = benchmarks().ChangesSince(0, "", {}).value();
  Quarantine({{.model = "bad"}});
  const auto changes = benchmarks().ChangesSince(seen.revision, seen.snapshot_id, {}).value();
  EXPECT_EQ(changes.revision, seen.revision + 1);
  EXPECT_THAT(changes.models, IsEmpty());
  EXPECT_FALSE(changes.reset);
}

TEST_P(RepositorySuite, HardwareChangesTheCatalogOnly) {
  Import({{}});
  const auto seen = benchmarks().ChangesSince(0, "", {}).value();
  ASSERT_TRUE(catalog().UpsertHardware({.name = "L4", .memory_gib = 24, .prices = {}, .aliases = {}}, {}));
  const auto changes = benchmarks().ChangesSince(seen.revision, seen.snapshot_id, {}).value();
  EXPECT_EQ(changes.revision, seen.revision + 1);
  EXPECT_TRUE(changes.catalog);
  EXPECT_THAT(changes.models, IsEmpty());
  EXPECT_FALSE(changes.reset);
}

TEST_P(RepositorySuite, ARestartedStoreKnowsItsSnapshots) {
  Import({{.model = "a"}});
  const auto seen = benchmarks().ChangesSince(0, "", {}).value();
  Restart();
  const auto same = benchmarks().ChangesSince(seen.revision, seen.snapshot_id, {}).value();
  EXPECT_FALSE(same.reset);
  EXPECT_FALSE(same.catalog);
  EXPECT_THAT(same.models, IsEmpty());
  Import({{.model = "b"}});
  ASSERT_TRUE(catalog().UpsertHardware({.name = "L4", .memory_gib = 24, .prices = {}, .aliases = {}}, {}));
  Restart();
  const auto later = benchmarks().ChangesSince(seen.revision, seen.snapshot_id, {}).value();
  EXPECT_FALSE(later.reset);
  EXPECT_TRUE(later.catalog);
  EXPECT_THAT(later.models, ElementsAre("b"));
}

TEST_P(RepositorySuite, ASnapshotOfOtherDataIsReset) {
  const auto other = GetParam().make();
  ImportInto(other->benchmarks(), {{.model = "x"}});
  const auto seen = other->benchmarks().ChangesSince(0, "", {}).value();
  Import({{.model = "a"}});
  const auto changes = benchmarks().ChangesSince(seen.revision, seen.snapshot_id, {}).value();
  EXPECT_TRUE(changes.reset);
  EXPECT_TRUE(changes.catalog);
  EXPECT_THAT(changes.models, ElementsAre("a")) << "all models, since the caller drops all";
}

TEST_P(RepositorySuite, ARevisionThatWasNeverReachedIsReset) {
  const auto revision = Import({{.model = "a"}}).revision;
  const auto changes = benchmarks().ChangesSince(revision + 1, "", {}).value();
  EXPECT_TRUE(changes.reset);
  EXPECT_EQ(changes.revision, revision);
  EXPECT_THAT(changes.models, ElementsAre("a"));
}

TEST_P(RepositorySuite, AwaitChangeReturnsAtOnceIfTheRevisionIsAbove) {
  const auto revision = Import({{}}).revision;
  EXPECT_EQ(benchmarks().AwaitChange(revision - 1, kLong, {}), revision);
}

TEST_P(RepositorySuite, AwaitChangeReturnsWhenTheWaitIsOver) {
  const auto revision = Import({{}}).revision;
  EXPECT_EQ(benchmarks().AwaitChange(revision, milliseconds(1), {}), revision);
}

TEST_P(RepositorySuite, AwaitChangeWakesUpForAChange) {
  const auto revision = Import({{}}).revision;
  std::atomic<domain::Revision> seen = 0;
  {
    std::jthread waiter([&] { seen = benchmarks().AwaitChange(revision, kLong, {}).value(); });
    Import({{.rate = 2}});
  }
  EXPECT_EQ(seen, revision + 1);
}

TEST_P(RepositorySuite, AwaitChangeReturnsWhenTheCallerIsGone) {
  const auto revision = Import({{}}).revision;
  std::atomic<int> looks = 0;
  const CallScope scope = {.cancelled = [&] { return ++looks > 3; }};
  EXPECT_EQ(benchmarks().AwaitChange(revision, kLong, scope), revision);
}

}  // namespace
}  // namespace loadline::store
