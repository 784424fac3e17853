#include <gmock/gmock.h>

#include <atomic>
#include <set>
#include <thread>

#include "tests/conformance/suite.h"

namespace loadline::store {
namespace {

using loadline::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_P(RepositorySuite, NothingIsVisibleBeforeCommit) {
  const auto before = CurrentRevision();
  const auto session = Begin();
  ASSERT_THAT(session->Accept(Accepted({})), IsOk());
  ASSERT_THAT(session->Quarantine(Refused({})), IsOk());
  EXPECT_THAT(All(), IsEmpty());
  EXPECT_THAT(benchmarks().ListQuarantined({}, {}).value().items, IsEmpty());
  EXPECT_EQ(CurrentRevision(), before);
}

TEST_P(RepositorySuite, DroppingAnImportLeavesNoTrace) {
  const auto before = CurrentRevision();
  ASSERT_THAT(Begin()->Accept(Accepted({})), IsOk());
  Restart();
  EXPECT_THAT(All(), IsEmpty());
  EXPECT_EQ(CurrentRevision(), before);
}

TEST_P(RepositorySuite, CommitMakesAllRowsVisibleUnderOneNewRevision) {
  const auto before = CurrentRevision();
  const auto session = Begin();
  ASSERT_THAT(session->Accept(Accepted({.rate = 1})), IsOk());
  ASSERT_THAT(session->Accept(Accepted({.rate = 2})), IsOk());
  ASSERT_THAT(session->Quarantine(Refused({})), IsOk());
  const auto outcome = session->Commit().value();
  EXPECT_EQ(outcome.revision, before + 1);
  EXPECT_EQ(CurrentRevision(), before + 1);
  for (const auto& row : All()) EXPECT_EQ(row.revision, before + 1);
  EXPECT_EQ(benchmarks().ListQuarantined({}, {}).value().items.at(0).revision, before + 1);
}

TEST_P(RepositorySuite, CommitCountsEveryRowOnce) {
  Import({{.rate = 1}});
  const auto session = Begin();
  ASSERT_THAT(session->Accept(Accepted({.rate = 1})), IsOk());
  ASSERT_THAT(session->Accept(Accepted({.rate = 2})), IsOk());
  ASSERT_THAT(session->Accept(Accepted({.rate = 2})), IsOk());
  ASSERT_THAT(session->Accept(Accepted({.rate = 3, .saturated = true})), IsOk());
  ASSERT_THAT(session->Quarantine(Refused({.rate = 4})), IsOk());
  const auto outcome = session->Commit().value();
  EXPECT_EQ(outcome.accepted, 2);
  EXPECT_EQ(outcome.already_present, 2) << "one was there, one came twice";
  EXPECT_EQ(outcome.quarantined, 1);
  EXPECT_EQ(outcome.saturated, 1);
  EXPECT_THAT(All(), SizeIs(3));
}

TEST_P(RepositorySuite, ARepeatedImportAddsNothingAndKeepsTheRevision) {
  const std::vector<SampleOptions> rows = {{.rate = 1}, {.rate = 2, .saturated = true}};
  const auto first = Import(rows);
  Quarantine({{.rate = 3}});
  const auto before = CurrentRevision();
  const auto again = Import(rows);
  EXPECT_EQ(again.accepted, 0);
  EXPECT_EQ(again.already_present, 2);
  EXPECT_EQ(again.saturated, 0);
  EXPECT_EQ(again.revision, before);
  EXPECT_EQ(Quarantine({{.rate = 3}}).quarantined, 1) << "counted again";
  EXPECT_THAT(benchmarks().ListQuarantined({}, {}).value().items, SizeIs(1));
  EXPECT_EQ(CurrentRevision(), before);
  EXPECT_LT(first.revision, before);
}

TEST_P(RepositorySuite, CommitTellsHowManyRowsAreMerged) {
  Import({{.rate = 1}});
  const auto session = Begin();
  ASSERT_THAT(session->Accept(Accepted({.rate = 1})), IsOk());
  ASSERT_THAT(session->Accept(Accepted({.rate = 2})), IsOk());
  ASSERT_THAT(session->Quarantine(Refused({.rate = 3})), IsOk());
  std::vector<std::int64_t> told;
  ASSERT_THAT(session->Commit([&](std::int64_t rows) { told.push_back(rows); }), IsOk());
  ASSERT_FALSE(told.empty());
  EXPECT_TRUE(std::is_sorted(told.begin(), told.end()));
  EXPECT_EQ(told.back(), 3) << "also the one that was there already";
}

TEST_P(RepositorySuite, ALargeImportMergesEveryRowOnce) {
  constexpr int kRows = 30'000;  // more than a merge takes at a time
  const auto session = Begin();
  for (int row = 1; row <= kRows; ++row) ASSERT_THAT(session->Accept(Accepted({.rate = 0.01 * row})), IsOk());
  ASSERT_THAT(session->Accept(Accepted({.rate = 0.01})), IsOk());
  const auto outcome = session->Commit().value();
  EXPECT_EQ(outcome.accepted, kRows);
  EXPECT_EQ(outcome.already_present, 1);
  const auto configurations = benchmarks().ListConfigurations({}, {}, {}).value().items;
  ASSERT_THAT(configurations, SizeIs(1));
  EXPECT_EQ(configurations[0].benchmark_count, kRows);
  EXPECT_EQ(benchmarks().FindClosest({}, {512, 256}, 0.01 * kRows, {})->benchmark.measurement.load.achieved_rps,
            0.01 * kRows);
}

TEST_P(RepositorySuite, AnEmptyImportKeepsTheRevision) {
  const auto before = CurrentRevision();
  EXPECT_EQ(Import({}).revision, before);
}

TEST_P(RepositorySuite, DryRunCountsWhatCommitWouldAndChangesNothing) {
  const auto before = Import({{.rate = 1}}).revision;
  const auto fill = [](ImportSession& session) {
    EXPECT_THAT(session.Accept(Accepted({.rate = 1})), IsOk());
    EXPECT_THAT(session.Accept(Accepted({.rate = 2, .saturated = true})), IsOk());
    EXPECT_THAT(session.Quarantine(Refused({})), IsOk());
  };
  const auto dry = Begin();
  fill(*dry);
  const auto promised = dry->DryRun().value();
  EXPECT_THAT(All(), SizeIs(1));
  EXPECT_THAT(benchmarks().ListQuarantined({}, {}).value().items, IsEmpty());
  EXPECT_EQ(CurrentRevision(), before);
  EXPECT_EQ(promised.revision, before) << "the store's revision afterwards";
  const auto wet = Begin();
  fill(*wet);
  const auto outcome = wet->Commit().value();
  EXPECT_EQ(promised.accepted, outcome.accepted);
  EXPECT_EQ(promised.already_present, outcome.already_present);
  EXPECT_EQ(promised.quarantined, outcome.quarantined);
  EXPECT_EQ(promised.saturated, outcome.saturated);
}

TEST_P(RepositorySuite, CommittedRowsSurviveARestart) {
  Import({{.rate = 1}, {.rate = 2, .saturated = true}});
  Quarantine({{.rate = 3}});
  Import({{.model = "other"}});
  const auto rows = All();
  const auto quarantined = benchmarks().ListQuarantined({}, {}).value().items;
  const auto revision = CurrentRevision();
  Restart();
  EXPECT_EQ(All(), rows);
  EXPECT_EQ(CurrentRevision(), revision);
  const auto after = benchmarks().ListQuarantined({}, {}).value().items;
  ASSERT_THAT(after, SizeIs(quarantined.size()));
  EXPECT_EQ(after[0].id, quarantined[0].id);
  EXPECT_EQ(after[0].measurement, quarantined[0].measurement);
  EXPECT_EQ(after[0].location, quarantined[0].location);
  EXPECT_EQ(after[0].reasons, quarantined[0].reasons);
  EXPECT_EQ(after[0].revision, quarantined[0].revision);
}

TEST_P(RepositorySuite, ListQuarantinedIsInOrderOfRevisionAndId) {
  Quarantine({{.rate = 1}, {.rate = 2}, {.rate = 3}});
  Quarantine({{.rate = 4}, {.rate = 5}});
  PageRequest request = {.size = 2};
  std::vector<std::pair<domain::Revision, domain::BenchmarkId>> keys;
  do {
    const auto page = benchmarks().ListQuarantined(request, {}).value();
    EXPECT_LE(page.items.size(), 2U);
    for (const auto& row : page.items) keys.emplace_back(row.revision, row.id);
    request.after = page.next;
  } while (!request.after.empty());
  EXPECT_THAT(keys, SizeIs(5));
  EXPECT_TRUE(std::is_sorted(keys.begin(), keys.end()));
}

TEST_P(RepositorySuite, ListQuarantinedReadsAPastRevision) {
  const auto first = Quarantine({{.rate = 1}}).revision;
  Quarantine({{.rate = 2}});
  const auto page = benchmarks().ListQuarantined({.revision = first}, {}).value();
  ASSERT_THAT(page.items, SizeIs(1));
  EXPECT_EQ(page.items[0].id, Refused({.rate = 1}).id);
}

TEST_P(RepositorySuite, QuarantineKeepsWhatTheRowSaidAndEveryReason) {
  Quarantine({{}});
  const auto row = benchmarks().ListQuarantined({}, {}).value().items.at(0);
  EXPECT_EQ(row.measurement, BadSample({}));
  EXPECT_EQ(row.location, "line 7");
  EXPECT_EQ(row.reasons, domain::Judge(BadSample({})).reasons);
}

TEST_P(RepositorySuite, ImportsAtTheSameTimeEndAsIfOneCameAfterTheOther) {
  constexpr int kWriters = 4;
  constexpr int kImports = 5;
  constexpr int kShared = 3;
  const auto before = CurrentRevision();
  std::atomic<std::int64_t> accepted = 0;
  std::atomic<std::int64_t> present = 0;
  std::mutex mutex;
  std::set<domain::Revision> revisions;
  const auto write = [&](int writer) {
    for (int import = 0; import < kImports; ++import) {
      // Every import has a row of its own, and rows that all writers send.
      std::vector<SampleOptions> rows = {{.model = "own", .rate = 1.0 + writer, .variant = import}};
      for (int row = 0; row < kShared; ++row) rows.push_back({.model = "shared", .variant = import * kShared + row});
      const auto outcome = ImportInto(benchmarks(), rows);
      accepted += outcome.accepted;
      present += outcome.already_present;
      const std::lock_guard lock(mutex);
      EXPECT_TRUE(revisions.insert(outcome.revision).second) << "two imports share a revision";
    }
  };
  {
    std::vector<std::jthread> writers;
    writers.reserve(kWriters);
    for (int writer = 0; writer < kWriters; ++writer) writers.emplace_back(write, writer);
  }
  constexpr int kRows = kImports * (kWriters + kShared);
  EXPECT_EQ(accepted, kRows);
  EXPECT_EQ(present, kWriters * kImports * (1 + kShared) - kRows);
  EXPECT_THAT(All(), SizeIs(kRows));
  EXPECT_EQ(CurrentRevision(), before + kWriters * kImports);
  EXPECT_EQ(*revisions.begin(), before + 1);
}

TEST_P(RepositorySuite, ReadersSeeWholeImportsOnly) {
  constexpr int kImports = 20;
  constexpr int kRowsInImport = 7;
  std::atomic<bool> done = false;
  std::atomic<int> reads = 0;
  const auto read = [&] {
    while (!done) {
      const auto page = benchmarks().List({}, {.size = 1000}, {}).value();
      EXPECT_EQ(page.items.size() % kRowsInImport, 0U);
      for (const auto& row : page.items) EXPECT_LE(row.revision, page.revision);
      ++reads;
    }
  };
  {
    std::jthread first(read);
    std::jthread second(read);
    for (int import = 0; import < kImports; ++import) {
      std::vector<SampleOptions> rows;
      rows.reserve(kRowsInImport);
      for (int row = 0; row < kRowsInImport; ++row) rows.push_back({.rate = 1.0 + row, .variant = import});
      Import(rows);
    }
    done = true;
  }
  EXPECT_GT(reads, 0);
  EXPECT_THAT(All(), SizeIs(kImports * kRowsInImport));
}

TEST_P(RepositorySuite, AnImportWhoseCallerHasGoneChangesNothing) {
  const CallScope gone = {.cancelled = [] { return true; }};
  const auto session = benchmarks().BeginImport(gone);
  const auto committed = session && (*session)->Accept(Accepted({})) ? (*session)->Commit().has_value() : false;
  EXPECT_FALSE(committed);
  EXPECT_THAT(All(), IsEmpty());
}

TEST_P(RepositorySuite, AnImportWithoutTimeLeftChangesNothing) {
  const CallScope late = {.deadline = std::chrono::steady_clock::now() - std::chrono::seconds(1)};
  const auto session = benchmarks().BeginImport(late);
  const auto committed = session && (*session)->Accept(Accepted({})) ? (*session)->Commit().has_value() : false;
  EXPECT_FALSE(committed);
  EXPECT_THAT(All(), IsEmpty());
}

}  // namespace
}  // namespace loadline::store
