#include <gmock/gmock.h>

#include <thread>

#include "libs/testing/matchers.h"
#include "tests/unit/services/planner/cache_fixture.h"

namespace loadline::planner::testing {
namespace {

using base::ErrorCode;
using loadline::testing::Fails;
using loadline::testing::IsOk;
using std::chrono::milliseconds;
using ::testing::HasSubstr;

TEST_F(CacheTest, GoesOnWithoutTheStoreAndSaysSo) {
  store.Import(BenchmarksOf("acme/a"));
  StartAndCatchUp();
  ASSERT_EQ(CountOf("acme/a"), 2U);
  EXPECT_EQ(Fresh(), (Freshness{.revision = 2}));
  store.GoAway();
  ASSERT_TRUE(WaitFor([this] { return Fresh().stale; }));
  clock.Advance(milliseconds(1500));
  EXPECT_EQ(Fresh(), (Freshness{.revision = 2, .stale = true, .evidence_age = milliseconds(1500)}));
  EXPECT_EQ(CountOf("acme/a"), 2U);
  store.ComeBack();
  CatchUp();
  EXPECT_EQ(Fresh(), (Freshness{.revision = 2}));
}

TEST_F(CacheTest, TheAgeCountsFromTheLastSignOfLife) {
  StartAndCatchUp();
  clock.Advance(milliseconds(900));
  store.Beat();
  store.ChangeCatalog([](StoreCatalog&) {});
  CatchUp();
  store.GoAway();
  ASSERT_TRUE(WaitFor([this] { return Fresh().stale; }));
  clock.Advance(milliseconds(40));
  EXPECT_EQ(Fresh().evidence_age, milliseconds(40));
}

TEST_F(CacheTest, AModelThatWasNeverLoadedIsNamedWhileTheStoreIsAway) {
  store.Import(BenchmarksOf("acme/a"));
  store.Import(BenchmarksOf("acme/b"));
  StartAndCatchUp();
  ASSERT_EQ(CountOf("acme/a"), 2U);
  store.GoAway();
  ASSERT_TRUE(WaitFor([this] { return Fresh().stale; }));
  for (const auto& names : {std::vector<std::string>{"acme/b"}, std::vector<std::string>{}}) {
    const auto models = Models(names);
    EXPECT_THAT(models, Fails(ErrorCode::kUnavailable, "STORE_UNREACHABLE"));
    EXPECT_THAT(models.error().message, HasSubstr("acme/b"));
    EXPECT_EQ(models.error().metadata.at("model"), "acme/b");
    EXPECT_TRUE(models.error().retry_after.has_value());
  }
}

TEST_F(CacheTest, AReadThatFailsNamesTheModelAndCanBeTriedAgain) {
  store.Import(BenchmarksOf("acme/a"));
  StartAndCatchUp();
  store.FailReads(true);
  const auto models = Models({"acme/a"});
  EXPECT_THAT(models, Fails(ErrorCode::kUnavailable, "STORE_UNREACHABLE"));
  EXPECT_THAT(models.error().message, HasSubstr("acme/a"));
  store.FailReads(false);
  EXPECT_EQ(CountOf("acme/a"), 2U);
}

TEST_F(CacheTest, AChangeThatCannotBeReadMakesAnswersStaleUntilItCan) {
  store.Import(BenchmarksOf("acme/a"));
  StartAndCatchUp();
  ASSERT_EQ(CountOf("acme/a"), 2U);
  store.FailReads(true);
  store.Import(BenchmarksOf("acme/a", 1, 50));
  ASSERT_TRUE(WaitFor([this] { return Fresh().stale; }));
  EXPECT_EQ(CountOf("acme/a"), 2U);
  store.FailReads(false);
  store.Beat();
  CatchUp();
  EXPECT_EQ(CountOf("acme/a"), 3U);
}

TEST_F(CacheTest, AfterAnOutageAnswersAreStaleUntilWhatWasMissedIsPublished) {
  store.Import(BenchmarksOf("acme/a"));
  store.Import(BenchmarksOf("acme/b"));
  StartAndCatchUp();
  ASSERT_EQ(CountOf("acme/a"), 2U);
  store.GoAway();
  ASSERT_TRUE(WaitFor([this] { return Fresh().stale; }));
  store.Import(BenchmarksOf("acme/a", 1, 50));
  const auto before = Fresh().revision;
  store.HoldReads();
  store.ComeBack();
  ASSERT_TRUE(WaitFor([this] { return store.held_reads() == 1; }));
  EXPECT_EQ(Fresh(), (Freshness{.revision = before, .stale = true}));
  store.ReleaseReads();
  CatchUp();
  EXPECT_EQ(CountOf("acme/a"), 3U);
}

TEST_F(CacheTest, WhatWasNeverLoadedCanBeReadWhileTheRestCatchesUp) {
  store.Import(BenchmarksOf("acme/a"));
  store.Import(BenchmarksOf("acme/b"));
  StartAndCatchUp();
  ASSERT_EQ(CountOf("acme/a"), 2U);
  store.GoAway();
  ASSERT_TRUE(WaitFor([this] { return Fresh().stale; }));
  store.Import(BenchmarksOf("acme/a", 1, 50));
  store.HoldReads();
  store.ComeBack();
  ASSERT_TRUE(WaitFor([this] { return store.held_reads() == 1; }));
  std::thread plan([&] { EXPECT_EQ(CountOf("acme/b"), 2U); });
  EXPECT_TRUE(WaitFor([this] { return store.held_reads() == 2; }));
  store.ReleaseReads();
  plan.join();
}

TEST_F(CacheTest, AReadThatThrowsFailsAndIsNotTheEnd) {
  store.Import(BenchmarksOf("acme/a"));
  StartAndCatchUp();
  store.ThrowFromNextRead();
  EXPECT_THAT(Models({"acme/a"}), Fails(ErrorCode::kUnavailable, "STORE_UNREACHABLE"));
  EXPECT_EQ(CountOf("acme/a"), 2U);
}

TEST_F(CacheTest, ACallWaitsNoLongerThanItsDeadline) {
  store.Import(BenchmarksOf("acme/a"));
  StartAndCatchUp();
  store.HoldReads();
  const CallScope scope{.deadline = std::chrono::steady_clock::now()};
  EXPECT_THAT(cache->Models(*cache->Current(), {"acme/a"}, scope),
              Fails(ErrorCode::kDeadlineExceeded, "DEADLINE_EXCEEDED"));
  store.ReleaseReads();
  EXPECT_EQ(CountOf("acme/a"), 2U);
  EXPECT_EQ(store.model_reads("acme/a"), 1) << "the read went on without the call";
}

TEST_F(CacheTest, ACallEndsWhenItsCallerIsGone) {
  store.Import(BenchmarksOf("acme/a"));
  StartAndCatchUp();
  store.HoldReads();
  const CallScope scope{.cancelled = [] { return true; }};
  EXPECT_THAT(cache->Models(*cache->Current(), {"acme/a"}, scope), Fails(ErrorCode::kCancelled, "CANCELLED"));
}

TEST_F(CacheTest, StopEndsCallsThatWait) {
  store.Import(BenchmarksOf("acme/a"));
  StartAndCatchUp();
  store.HoldReads();
  std::thread plan([&] { EXPECT_THAT(Models({"acme/a"}), Fails(ErrorCode::kUnavailable, "STORE_UNREACHABLE")); });
  ASSERT_TRUE(WaitFor([this] { return store.held_reads() == 1; }));
  cache->Stop();
  plan.join();
  EXPECT_THAT(Models({"acme/a"}), Fails(ErrorCode::kUnavailable, "STORE_UNREACHABLE"));
}

class OldEvidenceTest : public CacheTest {
 protected:
  OldEvidenceTest() : CacheTest({.max_age = milliseconds(5000)}) {}
};

TEST_F(OldEvidenceTest, IsRefusedAndNotReadyUntilTheStoreIsBack) {
  store.Import(BenchmarksOf("acme/a"));
  StartAndCatchUp();
  ASSERT_TRUE(WaitFor([this] { return ready.load(); }));
  store.GoAway();
  ASSERT_TRUE(WaitFor([this] { return Fresh().stale; }));
  clock.Advance(milliseconds(5000));
  EXPECT_THAT(cache->Current(), IsOk());
  clock.Advance(milliseconds(1));
  EXPECT_THAT(cache->Current(), Fails(ErrorCode::kUnavailable, "STORE_UNREACHABLE"));
  EXPECT_EQ(cache->Current().error().metadata.at("evidence_age_ms"), "5001");
  EXPECT_TRUE(WaitFor([this] { return !ready; }));
  store.ComeBack();
  CatchUp();
  EXPECT_TRUE(WaitFor([this] { return ready.load(); }));
}

}  // namespace
}  // namespace loadline::planner::testing
