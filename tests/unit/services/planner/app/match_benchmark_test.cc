#include "services/planner/app/match_benchmark.h"

#include <gmock/gmock.h>

#include <limits>

#include "libs/testing/matchers.h"
#include "tests/unit/services/planner/cache_fixture.h"

namespace loadline::planner {
namespace {

using base::ErrorCode;
using loadline::testing::Fails;
using loadline::testing::HasViolation;
using loadline::testing::IsOk;
using ::testing::HasSubstr;

class MatchBenchmarkTest : public testing::CacheTest {
 protected:
  void SetUp() override {
    store.Import(testing::BenchmarksOf("acme/a", 3));
    store.Import(testing::BenchmarksOf("acme/b", 3, 1, "L4"));
    StartAndCatchUp();
  }
  base::Result<MatchAnswer> Match(MatchQuery query) {
    if (!query.shape) query.shape = AskedShape{512, 256};
    return MatchBenchmark(*cache, query, {});
  }
};

TEST_F(MatchBenchmarkTest, FindsTheNearestOfAllModels) {
  const auto answer = Match({.shape = AskedShape{1024, 256}});
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->match.configuration->configuration.model, "acme/a");
  EXPECT_EQ(answer->match.distance, 0.5);
  EXPECT_EQ(answer->freshness, (Freshness{.revision = store.revision()}));
}

TEST_F(MatchBenchmarkTest, PrefersTheAskedRate) {
  const auto answer = Match({.rps = 2.9});
  EXPECT_EQ(*answer->match.curve->points()[answer->match.point].achieved_rps, 3.0);
}

TEST_F(MatchBenchmarkTest, ReadsOnlyTheModelThatIsAskedFor) {
  const auto answer = Match({.filter = {.model = "acme/b", .hardware = "l4"}});
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->match.configuration->configuration.model, "acme/b");
  EXPECT_EQ(store.model_reads("acme/a"), 0);
}

TEST_F(MatchBenchmarkTest, NamesEveryMistake) {
  const MatchQuery query{.shape = AskedShape{0, -1},
                         .rps = std::numeric_limits<double>::infinity(),
                         .violations = {{"filter.hardware_count", "wrong"}}};
  const auto answer = MatchBenchmark(*cache, query, {});
  for (const auto* field :
       {"shape.input_tokens", "shape.output_tokens", "requests_per_second", "filter.hardware_count"}) {
    EXPECT_THAT(answer, HasViolation(field));
  }
  EXPECT_THAT(MatchBenchmark(*cache, {}, {}), HasViolation("shape"));
}

TEST_F(MatchBenchmarkTest, UnknownNamesAreNotFoundWithASuggestion) {
  const auto model = Match({.filter = {.model = "acme/aa"}});
  EXPECT_THAT(model, Fails(ErrorCode::kNotFound, "UNKNOWN_MODEL"));
  EXPECT_THAT(model.error().message, HasSubstr("`acme/a`"));
  const auto hardware = Match({.filter = {.hardware = "H10"}});
  EXPECT_THAT(hardware, Fails(ErrorCode::kNotFound, "UNKNOWN_HARDWARE"));
  EXPECT_THAT(hardware.error().message, HasSubstr("`H100`"));
}

TEST_F(MatchBenchmarkTest, AFilterThatSelectsNothingIsNotFoundWithASuggestion) {
  const auto framework = Match({.filter = {.model = "acme/a", .framework = "vlm"}});
  EXPECT_THAT(framework, Fails(ErrorCode::kNotFound, "NO_BENCHMARK_MATCHES"));
  EXPECT_THAT(framework.error().message, HasSubstr("`vllm`"));
  EXPECT_THAT(framework.error().message, HasSubstr("acme/a"));
  const auto count = Match({.filter = {.hardware_count = 64}});
  EXPECT_THAT(count, Fails(ErrorCode::kNotFound, "NO_BENCHMARK_MATCHES"));
}

}  // namespace
}  // namespace loadline::planner
