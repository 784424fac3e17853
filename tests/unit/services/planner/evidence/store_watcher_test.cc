#include "services/planner/evidence/store_watcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "libs/testing/wait.h"
#include "tests/unit/services/planner/fake_evidence_store.h"

namespace loadline::planner {
namespace {

using loadline::testing::WaitFor;
using ::testing::ElementsAre;

TEST(MergedTest, AddsUpWhatChanged) {
  const auto merged = Merged({.revision = 2, .snapshot_id = "s2", .models = {"b"}, .catalog = true},
                             {.revision = 3, .snapshot_id = "s3", .models = {"a", "b"}});
  EXPECT_EQ(merged.revision, 3);
  EXPECT_EQ(merged.snapshot_id, "s3");
  EXPECT_THAT(merged.models, ElementsAre("a", "b"));
  EXPECT_TRUE(merged.catalog);
  EXPECT_FALSE(merged.reset);
}

TEST(MergedTest, AResetForgetsWhatCameBefore) {
  const auto merged = Merged({.revision = 9, .models = {"a"}}, {.revision = 1, .models = {"b"}, .reset = true});
  EXPECT_EQ(merged.revision, 1);
  EXPECT_THAT(merged.models, ElementsAre("b"));
  EXPECT_TRUE(merged.reset);
}

TEST(MergedTest, WhatFollowsAResetIsStillAReset) {
  const auto merged = Merged({.revision = 1, .models = {"b"}, .reset = true}, {.revision = 2, .models = {"a"}});
  EXPECT_TRUE(merged.reset);
  EXPECT_THAT(merged.models, ElementsAre("a", "b"));
}

class StoreWatcherTest : public ::testing::Test {
 protected:
  ~StoreWatcherTest() override {
    store.Shutdown();
    watcher.Stop();
  }
  testing::FakeEvidenceStore store;
  std::atomic<int> heard = 0;
  std::atomic<int> news = 0;
  std::atomic<int> lost = 0;
  StoreWatcher watcher{store,
                       {.first_backoff = std::chrono::milliseconds(1), .longest_backoff = std::chrono::milliseconds(2)},
                       {.heard =
                            [this](const StoreChange* change) {
                              news += change != nullptr ? 1 : 0;
                              ++heard;
                            },
                        .lost = [this](const base::Error&) { ++lost; }}};
};

TEST_F(StoreWatcherTest, ASignOfLifeIsNoNews) {
  watcher.Start();
  ASSERT_TRUE(WaitFor([&] { return heard == 1; }));
  store.Beat();
  ASSERT_TRUE(WaitFor([&] { return heard == 2; }));
  EXPECT_EQ(news, 1);
  store.Import({});
  ASSERT_TRUE(WaitFor([&] { return heard == 3; }));
  EXPECT_EQ(news, 2);
}

TEST_F(StoreWatcherTest, ConnectsAgainAfterEveryBreakAndGoesOnWhereItWas) {
  watcher.Start();
  ASSERT_TRUE(WaitFor([&] { return heard == 1; }));
  for (int round = 1; round <= 3; ++round) {
    store.GoAway();
    ASSERT_TRUE(WaitFor([&] { return lost >= 3 * round; }));
    store.ComeBack();
    ASSERT_TRUE(WaitFor([&] { return heard == 1 + round; }));
  }
  EXPECT_EQ(news, 1);
}

TEST_F(StoreWatcherTest, StopsWhileItWaits) {
  store.GoAway();
  watcher.Start();
  ASSERT_TRUE(WaitFor([&] { return lost >= 1; }));
  store.Shutdown();
  watcher.Stop();
  EXPECT_EQ(heard, 0);
}

/// Ends every watch in good order, after one message.
class EndingStore final : public EvidenceStore {
 public:
  base::Result<StoreCatalog> ReadCatalog(Deadline) override { return StoreCatalog(); }
  base::Result<std::vector<domain::Benchmark>> ReadModel(const std::string&, domain::Revision, Deadline) override {
    return std::vector<domain::Benchmark>();
  }
  base::Status Watch(domain::Revision after, const std::string&,
                     const std::function<bool(const StoreChange&)>& on_change) override {
    on_change({.revision = after + 1});
    return {};
  }
  void Shutdown() override {}
};

TEST(StoreWatcher, AWatchThatEndedInGoodOrderIsTakenUpAgainAndNotLost) {
  EndingStore store;
  std::atomic<domain::Revision> heard = 0;
  std::atomic<int> lost = 0;
  StoreWatcher watcher(store, {.first_backoff = std::chrono::milliseconds(1)},
                       {.heard = [&](const StoreChange* news) { heard = news == nullptr ? -1 : news->revision; },
                        .lost = [&](const base::Error&) { ++lost; }});
  watcher.Start();
  EXPECT_TRUE(WaitFor([&] { return heard == 3; }));
  watcher.Stop();
  EXPECT_EQ(lost, 0);
}

}  // namespace
}  // namespace loadline::planner
