#include <gmock/gmock.h>

#include <thread>

#include "libs/testing/matchers.h"
#include "tests/unit/services/planner/cache_fixture.h"

namespace loadline::planner::testing {
namespace {

using base::ErrorCode;
using loadline::testing::Fails;
using loadline::testing::IsOk;

domain::Hardware X9() {
  domain::Hardware hardware;
  hardware.name = "X9";
  return hardware;
}

TEST_F(CacheTest, HasNothingBeforeTheStoreWasReached) {
  store.GoAway();
  Start();
  EXPECT_THAT(cache->Current(), Fails(ErrorCode::kUnavailable, "STORE_UNREACHABLE"));
  EXPECT_TRUE(cache->Current().error().retry_after.has_value());
  EXPECT_FALSE(ready);
  store.ComeBack();
  CatchUp();
  EXPECT_TRUE(WaitFor([this] { return ready.load(); }));
}

TEST_F(CacheTest, ReadsAModelWhenItIsFirstAskedFor) {
  store.Import(BenchmarksOf("acme/a", 3));
  StartAndCatchUp();
  EXPECT_EQ(store.model_reads("acme/a"), 0);
  EXPECT_EQ(CountOf("acme/a"), 3U);
  EXPECT_EQ(CountOf("acme/a"), 3U);
  EXPECT_EQ(store.model_reads("acme/a"), 1);
}

TEST_F(CacheTest, LeavesOutModelsWithoutBenchmarks) {
  store.Import(BenchmarksOf("acme/a"));
  StartAndCatchUp();
  const auto models = Models({"acme/tiny-8b", "no/such"});
  ASSERT_THAT(models, IsOk());
  EXPECT_TRUE((*models)->empty());
}

TEST_F(CacheTest, AllThatAskAtTheSameTimeShareOneRead) {
  store.Import(BenchmarksOf("acme/a"));
  StartAndCatchUp();
  store.HoldReads();
  std::vector<std::thread> plans;
  plans.reserve(8);
  std::atomic<int> right = 0;
  for (int i = 0; i < 8; ++i) plans.emplace_back([&] { right += CountOf("acme/a") == 2 ? 1 : 0; });
  ASSERT_TRUE(WaitFor([this] { return store.held_reads() == 1; }));
  store.ReleaseReads();
  for (auto& plan : plans) plan.join();
  EXPECT_EQ(right, 8);
  EXPECT_EQ(store.model_reads("acme/a"), 1);
}

TEST_F(CacheTest, AnswersAsOfTheViewEvenIfTheModelChangesWhileItIsRead) {
  store.Import(BenchmarksOf("acme/a", 2));
  StartAndCatchUp();
  store.HoldReads();
  const auto before = *cache->Current();
  std::optional<base::Result<std::shared_ptr<const ModelList>>> answer;
  std::thread plan([&] { answer = cache->Models(before, {"acme/a"}, {}); });
  ASSERT_TRUE(WaitFor([this] { return store.held_reads() == 1; }));
  store.Import(BenchmarksOf("acme/a", 5, 50));
  CatchUp();
  store.ReleaseReads();
  plan.join();
  EXPECT_EQ((**answer)->front()->benchmark_count, 2U);
  EXPECT_EQ(CountOf("acme/a"), 7U);
}

TEST_F(CacheTest, AReadOfAnUnchangedModelServesLaterRevisionsToo) {
  store.Import(BenchmarksOf("acme/a"));
  StartAndCatchUp();
  store.HoldReads();
  std::thread plan([&] { EXPECT_EQ(CountOf("acme/a"), 2U); });
  ASSERT_TRUE(WaitFor([this] { return store.held_reads() == 1; }));
  store.Import(BenchmarksOf("acme/b"));
  CatchUp();
  store.ReleaseReads();
  plan.join();
  EXPECT_EQ(CountOf("acme/a"), 2U);
  EXPECT_EQ(store.model_reads("acme/a"), 1);
}

TEST_F(CacheTest, AChangeReloadsOnlyWhatChangedAndIsInUse) {
  for (const auto* model : {"acme/a", "acme/b", "acme/c"}) store.Import(BenchmarksOf(model));
  StartAndCatchUp();
  ASSERT_THAT(Models({"acme/a", "acme/b"}), IsOk());
  auto more = BenchmarksOf("acme/a", 1, 50);
  const auto other = BenchmarksOf("acme/c", 1, 50);
  more.insert(more.end(), other.begin(), other.end());
  store.Import(std::move(more));
  CatchUp();
  EXPECT_EQ(store.model_reads("acme/a"), 2) << "before anyone asked again";
  EXPECT_EQ(store.model_reads("acme/b"), 1);
  EXPECT_EQ(store.model_reads("acme/c"), 0);
  EXPECT_EQ(CountOf("acme/a"), 3U);
  EXPECT_EQ(CountOf("acme/c"), 3U);
}

TEST_F(CacheTest, TheOldViewServesUntilTheChangedModelIsRead) {
  store.Import(BenchmarksOf("acme/a", 2));
  StartAndCatchUp();
  ASSERT_EQ(CountOf("acme/a"), 2U);
  const auto before = Fresh().revision;
  store.HoldReads();
  store.Import(BenchmarksOf("acme/a", 1, 50));
  ASSERT_TRUE(WaitFor([this] { return store.held_reads() == 1; }));
  EXPECT_EQ(CountOf("acme/a"), 2U);
  EXPECT_EQ(Fresh().revision, before);
  store.ReleaseReads();
  CatchUp();
  EXPECT_EQ(CountOf("acme/a"), 3U);
}

TEST_F(CacheTest, AResetDropsEverything) {
  store.Import(BenchmarksOf("acme/a", 2));
  store.Import(BenchmarksOf("acme/b", 2));
  StartAndCatchUp();
  ASSERT_THAT(Models({}), IsOk());
  store.ReplaceData();
  store.Import(BenchmarksOf("acme/a", 4, 50));
  ASSERT_TRUE(WaitFor([this] { return View()->snapshot_id == "data-2@1"; }));
  EXPECT_EQ(View()->ModelNames(), std::vector<std::string>{"acme/a"});
  EXPECT_EQ(CountOf("acme/a"), 4U);
}

TEST_F(CacheTest, WhatWasReadFromOtherDataIsNotKept) {
  store.Import(BenchmarksOf("acme/a", 2));
  StartAndCatchUp();
  store.HoldReads();
  std::thread plan([&] { Models({"acme/a"}); });
  ASSERT_TRUE(WaitFor([this] { return store.held_reads() == 1; }));
  store.ReplaceData();
  store.Import(BenchmarksOf("acme/a", 4, 50));
  store.Import(BenchmarksOf("acme/b", 1));
  ASSERT_TRUE(WaitFor([this] { return View()->snapshot_id == "data-2@2"; }));
  store.ReleaseReads();
  plan.join();
  EXPECT_EQ(CountOf("acme/a"), 4U);
  EXPECT_EQ(store.model_reads("acme/a"), 2);
}

TEST_F(CacheTest, AllModelsAreOneListOnceTheyAreLoaded) {
  for (const auto* model : {"acme/c", "acme/a", "acme/b"}) store.Import(BenchmarksOf(model));
  StartAndCatchUp();
  const auto first = Models({});
  ASSERT_THAT(first, IsOk());
  ASSERT_EQ((*first)->size(), 3U);
  EXPECT_EQ((*first)->front()->model, "acme/a");
  EXPECT_EQ((*first)->back()->model, "acme/c");
  const auto second = Models({});
  EXPECT_EQ(*second, *Models({})) << "the same list, not a copy";
}

TEST_F(CacheTest, TheCatalogueIsReadAgainOnlyWhenItChanged) {
  store.Import(BenchmarksOf("acme/a"));
  StartAndCatchUp();
  EXPECT_EQ(store.catalog_reads(), 1);
  store.Import(BenchmarksOf("acme/a", 1, 50));
  CatchUp();
  EXPECT_EQ(store.catalog_reads(), 1);
  store.ChangeCatalog([](StoreCatalog& catalog) { catalog.hardware.push_back(X9()); });
  CatchUp();
  EXPECT_EQ(store.catalog_reads(), 2);
  EXPECT_TRUE(View()->catalog->planning.hardware.contains("X9"));
}

TEST_F(CacheTest, AModelThatTheCatalogueDoesNotKnowMakesItReadAgain) {
  StartAndCatchUp();
  store.Import(BenchmarksOf("acme/new", 3));
  CatchUp();
  EXPECT_TRUE(View()->catalog->planning.models.contains("acme/new"));
  EXPECT_EQ(CountOf("acme/new"), 3U);
}

TEST_F(CacheTest, ACatalogueNewerThanTheAnnouncementWaitsForTheNext) {
  StartAndCatchUp();
  const auto before = Fresh().revision;
  store.OnNextCatalogRead([this] {
    store.HoldWatch();
    store.Import(BenchmarksOf("acme/a"));
  });
  store.ChangeCatalog([](StoreCatalog& catalog) { catalog.hardware.push_back(X9()); });
  ASSERT_TRUE(WaitFor([this] { return store.catalog_reads() == 2; }));
  const int messages = store.messages();
  store.Beat();
  ASSERT_TRUE(WaitFor([&] { return store.messages() > messages; }));
  EXPECT_EQ(Fresh(), (Freshness{.revision = before}));
  store.ReleaseWatch();
  CatchUp();
  EXPECT_TRUE(View()->catalog->planning.hardware.contains("X9"));
  EXPECT_EQ(CountOf("acme/a"), 2U);
  EXPECT_EQ(store.catalog_reads(), 2) << "what was read already is new enough";
}

class SmallCacheTest : public CacheTest {
 protected:
  static std::size_t BytesOfOne() { return planning::BuildModelEvidence("acme/a", BenchmarksOf("acme/a", 4)).bytes; }
  SmallCacheTest() : CacheTest({.max_bytes = 2 * BytesOfOne() + BytesOfOne() / 2}) {}
};

TEST_F(SmallCacheTest, DropsTheLeastRecentlyUsedModel) {
  for (const auto* model : {"acme/a", "acme/b", "acme/c"}) store.Import(BenchmarksOf(model, 4));
  StartAndCatchUp();
  for (const auto* model : {"acme/a", "acme/b", "acme/a", "acme/c"}) ASSERT_EQ(CountOf(model), 4U);
  EXPECT_EQ(View()->Find("acme/b")->loaded, nullptr);
  ASSERT_EQ(CountOf("acme/a"), 4U);
  EXPECT_EQ(store.model_reads("acme/a"), 1);
  ASSERT_EQ(CountOf("acme/b"), 4U);
  EXPECT_EQ(store.model_reads("acme/b"), 2);
  EXPECT_EQ(View()->Find("acme/c")->loaded, nullptr);
}

TEST_F(SmallCacheTest, APlanOfMoreThanFitsStillHasAll) {
  for (const auto* model : {"acme/a", "acme/b", "acme/c"}) store.Import(BenchmarksOf(model, 4));
  StartAndCatchUp();
  const auto models = Models({});
  ASSERT_THAT(models, IsOk());
  EXPECT_EQ((*models)->size(), 3U);
  EXPECT_EQ(View()->all, nullptr);
  EXPECT_LE(View()->bytes(), 2 * BytesOfOne() + BytesOfOne() / 2);
}

}  // namespace
}  // namespace loadline::planner::testing
