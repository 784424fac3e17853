#include "services/benchmark-store/repository/search/model_index.h"

#include <gmock/gmock.h>

namespace loadline::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

ModelQuery Query(const std::string& text) { return ModelQuery::Parse(text).value(); }

const std::vector<domain::Model>& Models() {
  static const std::vector<domain::Model> models = {
      {.name = "acme/llama-3.1-8b"},
      {.name = "acme/llama-3.3-70b", .tags = {"dense"}},
      {.name = "acme/dense-retriever"},
      {.name = "tuned/sparrow", .architecture = "llama", .base_model = "acme/llama-3.3-70b"},
  };
  return models;
}

std::vector<std::size_t> Places(const std::vector<ModelMatch>& matches) {
  std::vector<std::size_t> places;
  for (const auto& match : matches) places.push_back(match.model);
  return places;
}

double ScoreOf(const std::string& query, std::size_t model) {
  for (const auto& match : ModelIndex(Models()).Find(Query(query))) {
    if (match.model == model) return match.score;
  }
  return 0;
}

TEST(ModelIndex, FindsModelsThatMatchEveryWordInTheirOrder) {
  const ModelIndex index(Models());
  EXPECT_THAT(Places(index.Find(Query("llama"))), ElementsAre(0, 1, 3));
  EXPECT_THAT(Places(index.Find(Query("lama 70b"))), ElementsAre(1, 3));
  EXPECT_THAT(index.Find(Query("llama zeppelin")), IsEmpty());
  EXPECT_THAT(ModelIndex().Find(Query("llama")), IsEmpty());
}

TEST(ModelIndex, AMatchInTheNameCountsMore) { EXPECT_GT(ScoreOf("dense", 2), ScoreOf("dense", 1)); }

TEST(ModelIndex, TheWholeNameScoresOne) { EXPECT_DOUBLE_EQ(ScoreOf("tuned sparrow", 3), 1); }

TEST(ModelIndex, ANameWithLessBesidesComesFirst) {
  const ModelIndex index({{.name = "acme/wren"}, {.name = "acme/wren-large-old"}});
  const auto found = index.Find(Query("wren"));
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_GT(found[0].score, found[1].score);
}

TEST(ModelIndex, AScoreDependsOnItsModelOnly) {
  const auto& all = Models();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto alone = ModelIndex({all[i]}).Find(Query("acme llama 3"));
    EXPECT_EQ(alone.empty() ? 0 : alone.front().score, ScoreOf("acme llama 3", i)) << all[i].name;
  }
}

TEST(ModelIndex, TheNearestMatchSomeWords) {
  const ModelIndex index(Models());
  EXPECT_THAT(Places(index.Nearest(Query("llama zeppelin 70b"), 2)), ElementsAre(1, 3));
  EXPECT_THAT(index.Nearest(Query("zeppelin"), 3), IsEmpty());
}

}  // namespace
}  // namespace loadline::store
