#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/testing/matchers.h"
#include "tests/unit/services/benchmark-store/api/running_store.h"

namespace loadline::store {
namespace {

using loadline::testing::HasViolation;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

namespace pb = benchmark::v1;
using Stub = pb::BenchmarkService::Stub;

class SearchServiceTest : public ::testing::Test {
 protected:
  SearchServiceTest() {
    store_.Import({{.model = "meta-llama/llama-3.3-70b-instruct"},
                   {.model = "acme/wren-a"},
                   {.model = "acme/wren-b"},
                   {.model = "acme/wren-b", .rate = 2}});
  }

  static pb::SearchModelsRequest For(const std::string& query) {
    pb::SearchModelsRequest request;
    request.set_query(query);
    return request;
  }
  pb::SearchModelsResponse Search(const pb::SearchModelsRequest& request) const {
    pb::SearchModelsResponse response;
    EXPECT_EQ(RunningStore::Call(*store_.benchmarks, &Stub::SearchModels, request, &response), std::nullopt);
    return response;
  }

  RunningStore store_;
};

TEST_F(SearchServiceTest, FindsAMisspelledModelAndSaysAllOfIt) {
  const auto response = Search(For("llama 70b instrct"));
  ASSERT_THAT(response.models(), SizeIs(1));
  const auto& found = response.models(0);
  EXPECT_EQ(found.model_hf_repo(), "meta-llama/llama-3.3-70b-instruct");
  EXPECT_EQ(found.parameters_billion(), 70) << "read from its name";
  EXPECT_EQ(found.benchmark_count(), 1);
  EXPECT_EQ(found.configuration_count(), 1);
  EXPECT_GT(found.score(), 0.5);
  EXPECT_GT(response.revision(), 0);
  EXPECT_THAT(response.suggestions(), IsEmpty());
}

TEST_F(SearchServiceTest, PagesAreOfOneQueryAndOneRevision) {
  auto request = For("wren");
  request.set_page_size(1);
  const auto first = Search(request);
  EXPECT_EQ(first.models(0).model_hf_repo(), "acme/wren-b") << "it has more benchmarks";
  store_.Import({{.model = "acme/wren"}});
  request.set_page_token(first.next_page_token());
  const auto second = Search(request);
  ASSERT_THAT(second.models(), SizeIs(1));
  EXPECT_EQ(second.models(0).model_hf_repo(), "acme/wren-a");
  EXPECT_EQ(second.revision(), first.revision());
  EXPECT_THAT(second.next_page_token(), IsEmpty());
  request.set_query("wren a");
  pb::SearchModelsResponse response;
  const auto other = RunningStore::Call(*store_.benchmarks, &Stub::SearchModels, request, &response);
  ASSERT_TRUE(other.has_value());
  EXPECT_THAT(*other, HasViolation("page_token"));
}

TEST_F(SearchServiceTest, WhereNothingMatchesTheNearestAreSuggested) {
  const auto response = Search(For("lamma 71b"));
  EXPECT_THAT(response.models(), IsEmpty());
  EXPECT_THAT(response.suggestions(), ElementsAre("meta-llama/llama-3.3-70b-instruct"));
  EXPECT_THAT(Search(For("zeppelin")).suggestions(), IsEmpty());
}

}  // namespace
}  // namespace loadline::store
