#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <future>
#include <mutex>

#include "libs/testing/matchers.h"
#include "services/benchmark-store/api/progress_teller.h"
#include "tests/unit/services/benchmark-store/api/running_store.h"

namespace loadline::store {
namespace {

using base::ErrorCode;
using loadline::testing::Fails;
using loadline::testing::HasViolation;
using loadline::testing::IsOk;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

namespace pb = benchmark::v1;

std::vector<domain::Measurement> Measurements(int count) {
  std::vector<domain::Measurement> rows;
  for (int row = 1; row <= count; ++row) rows.push_back(Sample({.rate = static_cast<double>(row)}));
  return rows;
}

TEST(ImportWithProgressTest, EndsWithWhatImportBenchmarksAnswers) {
  const std::vector<pb::ImportBenchmarksRequest> messages = {RunningStore::Rows({Sample({.rate = 1}), BadSample({})}),
                                                             RunningStore::Rows({Sample({.rate = 1})}),
                                                             RunningStore::Commit(3)};
  const auto told = RunningStore().SendAndBeTold(messages);
  const auto answered = RunningStore().Send(messages);
  ASSERT_THAT(told.result, IsOk());
  ASSERT_THAT(answered, IsOk());
  EXPECT_EQ(told.result->SerializeAsString(), answered->SerializeAsString());
  EXPECT_EQ(told.result->accepted_count(), 1);
}

TEST(ImportWithProgressTest, TellsOfRowsReceivedAndAtLastOfAllMerged) {
  const auto told = RunningStore().SendAndBeTold(
      {RunningStore::Rows(Measurements(700)), RunningStore::Rows({BadSample({})}), RunningStore::Commit(701)});
  ASSERT_THAT(told.result, IsOk());
  ASSERT_THAT(told.progress, Not(IsEmpty()));
  EXPECT_TRUE(std::is_sorted(told.progress.begin(), told.progress.end(), [](const auto& a, const auto& b) {
    return std::tuple(a.phase(), a.received_count(), a.merged_count()) <
           std::tuple(b.phase(), b.received_count(), b.merged_count());
  }));
  EXPECT_EQ(told.progress.back().phase(), pb::IMPORT_PHASE_MERGING);
  EXPECT_EQ(told.progress.back().received_count(), 701);
  EXPECT_EQ(told.progress.back().quarantined_count(), 1);
  EXPECT_EQ(told.progress.back().merged_count(), 701);
}

TEST(ImportWithProgressTest, ADryRunMergesNothing) {
  RunningStore store;
  const auto told = store.SendAndBeTold({RunningStore::Rows(Measurements(3)), RunningStore::Commit(3, true)});
  ASSERT_THAT(told.result, IsOk());
  EXPECT_EQ(told.result->accepted_count(), 3);
  EXPECT_EQ(told.progress.back().merged_count(), 0);
  EXPECT_EQ(store.Import({{}}).accepted_count(), 1) << "nothing was stored";
}

TEST(ImportWithProgressTest, FailsAsImportBenchmarksDoes) {
  RunningStore store({.max_import_rows = 2});
  EXPECT_THAT(store.SendAndBeTold({RunningStore::Rows(Measurements(1))}).result, HasViolation("commit"));
  EXPECT_THAT(store.SendAndBeTold({RunningStore::Rows(Measurements(1)), RunningStore::Commit(2)}).result,
              HasViolation("commit.row_count"));
  EXPECT_THAT(store.SendAndBeTold({pb::ImportBenchmarksRequest()}).result, HasViolation("part"));
  EXPECT_THAT(store.SendAndBeTold({RunningStore::Rows(Measurements(3)), RunningStore::Commit(3)}).result,
              Fails(ErrorCode::kResourceExhausted, "IMPORT_TOO_LARGE"));
}

TEST(ImportWithProgressTest, EndsAtTheStoresTimeLimit) {
  RunningStore store({}, milliseconds(50));
  grpc::ClientContext context;
  rpc::SetDeadline(context, RunningStore::kPatience);
  const auto stream = store.benchmarks->ImportWithProgress(&context);
  pb::ImportWithProgressResponse response;
  while (stream->Read(&response)) {
  }
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

/// A caller that takes what it is told only when it is let.
class SlowCaller {
 public:
  void Hear(const ImportProgress& progress) {
    std::unique_lock lock(mutex_);
    heard_.push_back(progress.received);
    changed_.notify_all();
    changed_.wait(lock, [&] { return let_go_; });
  }
  void AwaitFirst() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !heard_.empty(); });
  }
  void LetGo() {
    const std::lock_guard lock(mutex_);
    let_go_ = true;
    changed_.notify_all();
  }
  /// After the teller has gone.
  const std::vector<std::int64_t>& heard() const { return heard_; }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool let_go_ = false;
  std::vector<std::int64_t> heard_;
};

TEST(ProgressTellerTest, ACallerThatIsSlowKeepsNobodyWaitingAndHearsTheNewest) {
  SlowCaller caller;
  {
    ProgressTeller teller([&](const ImportProgress& progress) { caller.Hear(progress); });
    teller.Update({.received = 1});
    caller.AwaitFirst();
    for (std::int64_t rows = 2; rows <= 1000; ++rows) teller.Update({.received = rows});
    caller.LetGo();
  }
  EXPECT_EQ(caller.heard().front(), 1);
  EXPECT_EQ(caller.heard().back(), 1000);
  EXPECT_LE(caller.heard().size(), 3U) << "what was not told in time is left out";
}

TEST(ProgressTellerTest, NothingToTellIsToldToNobody) {
  int told = 0;
  {
    const ProgressTeller teller([&](const ImportProgress&) { ++told; });
  }
  EXPECT_EQ(told, 0);
}

TEST(ProgressTellerTest, TenMinutesTakeLessThan500Messages) {
  int messages = 0;
  for (milliseconds elapsed(0); elapsed < std::chrono::minutes(10); elapsed += ProgressTeller::PauseAfter(elapsed)) {
    ++messages;
  }
  EXPECT_LT(messages, 500);
  EXPECT_GT(messages, 200) << "a bar needs more";
}

}  // namespace
}  // namespace loadline::store
