#include "services/planner/evidence/view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace loadline::planner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

LoadedModelPtr Loaded(const std::string& model, std::size_t bytes = 100, std::uint64_t last_used = 1) {
  auto loaded = std::make_shared<LoadedModel>();
  loaded->evidence.model = model;
  loaded->evidence.bytes = bytes;
  loaded->last_used = last_used;
  return loaded;
}

std::shared_ptr<const Catalog> CatalogOf(const std::vector<std::string>& models) {
  StoreCatalog catalog;
  for (const auto& model : models) catalog.models.push_back({.name = model, .benchmark_count = 1});
  catalog.models.push_back({.name = "unmeasured"});
  return MakeCatalog(std::move(catalog));
}

/// Models a, b and c at revision 5; a and b are loaded.
View Sample() {
  const ViewUpdate first{.change = {.revision = 5, .snapshot_id = "s5"}, .catalog = CatalogOf({"c", "a", "b"})};
  auto view = Advanced({}, first);
  for (const auto* model : {"a", "b"}) view = WithModel(view, {.model = model, .revision = 5}, Loaded(model));
  return view;
}

TEST(ViewTest, HasTheMeasuredModelsInOrder) { EXPECT_THAT(Sample().ModelNames(), ElementsAre("a", "b", "c")); }

TEST(ViewTest, FindsWhatIsLoaded) {
  const auto view = Sample();
  EXPECT_NE(view.Find("a")->loaded, nullptr);
  EXPECT_EQ(view.Find("c")->loaded, nullptr);
  EXPECT_EQ(view.Find("unmeasured"), nullptr);
  EXPECT_EQ(view.Find("zzz"), nullptr);
}

TEST(ViewTest, HasAllModelsOnlyWhenAllAreLoaded) {
  const auto view = Sample();
  EXPECT_EQ(view.all, nullptr);
  const auto full = WithModel(view, {.model = "c", .revision = 5}, Loaded("c"));
  ASSERT_NE(full.all, nullptr);
  EXPECT_EQ(full.all->size(), 3U);
  EXPECT_EQ(full.all->back()->model, "c");
  EXPECT_EQ(full.bytes(), 300U);
}

TEST(ViewTest, AnUnchangedModelStaysLoadedAcrossRevisions) {
  const auto next = Advanced(Sample(), {.change = {.revision = 6, .models = {"b", "d"}}, .catalog = CatalogOf({})});
  EXPECT_EQ(next.revision, 6);
  EXPECT_NE(next.Find("a")->loaded, nullptr);
  EXPECT_EQ(next.Find("b")->loaded, nullptr);
  ASSERT_NE(next.Find("d"), nullptr) << "a new model";
}

TEST(ViewTest, AChangedModelThatWasReadAlreadyIsTakenOver) {
  const auto fresh = Loaded("b");
  const auto next = Advanced(
      Sample(), {.change = {.revision = 6, .models = {"b"}}, .catalog = CatalogOf({}), .reloaded = {{"b", fresh}}});
  EXPECT_EQ(next.Find("b")->loaded, fresh);
}

TEST(ViewTest, AResetKeepsNothing) {
  const auto next =
      Advanced(Sample(), {.change = {.revision = 2, .models = {"b"}, .reset = true}, .catalog = CatalogOf({"b"})});
  EXPECT_THAT(next.ModelNames(), ElementsAre("b"));
  EXPECT_EQ(next.Find("b")->loaded, nullptr);
  EXPECT_NE(next.generation, Sample().generation);
}

TEST(ViewTest, FindsOnlyWhatIsRightForTheKey) {
  const auto next = Advanced(
      Sample(),
      {.change = {.revision = 6, .models = {"b"}}, .catalog = CatalogOf({}), .reloaded = {{"b", Loaded("b")}}});
  EXPECT_NE(next.Find(ModelKey{.model = "a", .revision = 5}), nullptr) << "not changed since";
  EXPECT_NE(next.Find(ModelKey{.model = "b", .revision = 6}), nullptr);
  EXPECT_EQ(next.Find(ModelKey{.model = "b", .revision = 5}), nullptr) << "changed since";
  EXPECT_EQ(next.Find(ModelKey{.model = "a", .revision = 7}), nullptr) << "may change until then";
  EXPECT_EQ(next.Find(ModelKey{.model = "a", .revision = 5, .generation = 9}), nullptr);
}

TEST(ViewTest, TakesOnlyModelsThatWereReadAsItIs) {
  const auto view = Advanced(Sample(), {.change = {.revision = 6, .models = {"c"}}, .catalog = CatalogOf({})});
  const auto taken = [&](const ModelKey& key) {
    return WithModel(view, key, Loaded("c")).Find("c")->loaded != nullptr;
  };
  EXPECT_TRUE(taken({.model = "c", .revision = 6}));
  EXPECT_FALSE(taken({.model = "c", .revision = 5})) << "older";
  EXPECT_FALSE(taken({.model = "c", .revision = 7})) << "newer";
  EXPECT_FALSE(taken({.model = "c", .revision = 6, .generation = 1})) << "other data";
}

TEST(ViewTest, BoundsDropTheLeastRecentlyUsedFirst) {
  auto view = Sample();
  view.slots[0].loaded = Loaded("a", 100, 7);
  view.slots[1].loaded = Loaded("b", 50, 3);
  view.slots[2].loaded = Loaded("c", 100, 5);
  std::vector<std::string> evicted;
  const auto bounded = Bounded(view, 150, &evicted);
  EXPECT_THAT(evicted, ElementsAre("b", "c"));
  EXPECT_EQ(bounded.bytes(), 100U);
  EXPECT_EQ(bounded.all, nullptr);
}

TEST(ViewTest, WhatFitsExactlyStays) {
  std::vector<std::string> evicted;
  EXPECT_EQ(Bounded(Sample(), 200, &evicted).bytes(), 200U);
  EXPECT_THAT(evicted, IsEmpty());
}

TEST(CatalogTest, IsIndexedByName) {
  StoreCatalog from{.revision = 3};
  from.models = {{.name = "m", .benchmark_count = 2}, {.name = "n"}};
  from.hardware.resize(1);
  from.hardware[0].name = "H100";
  const auto catalog = MakeCatalog(from);
  EXPECT_EQ(catalog->revision, 3);
  EXPECT_TRUE(catalog->planning.models.contains("n"));
  EXPECT_THAT(catalog->measured_models, ElementsAre("m"));
  EXPECT_TRUE(catalog->planning.hardware.contains("H100"));
  EXPECT_EQ(catalog->hardware.size(), 1U);
}

}  // namespace
}  // namespace loadline::planner
