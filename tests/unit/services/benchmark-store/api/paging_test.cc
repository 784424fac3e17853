#include "services/benchmark-store/api/paging.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/testing/matchers.h"
#include "loadline/benchmark/v1/benchmark_service.pb.h"

namespace loadline::store {
namespace {

using loadline::testing::IsOk;
using ::testing::ElementsAre;

namespace pb = benchmark::v1;

/// Fills pages of elements of so many bytes, and keeps the sizes asked for.
struct FakePages {
  std::size_t element_bytes = 0;
  std::vector<int> asked = {};

  base::Status Fill(const PageRequest& page, pb::ListQuarantinedResponse& response) {
    asked.push_back(page.size);
    for (int i = 0; i < page.size; ++i) response.add_rows()->set_location(std::string(element_bytes, 'x'));
    return {};
  }
  pb::ListQuarantinedResponse PageOf(int size) {
    pb::ListQuarantinedResponse response;
    EXPECT_THAT(FillPage({.size = size}, response, [&](const auto& page) { return Fill(page, response); }), IsOk());
    return response;
  }
};

TEST(FillPage, TakesAPageThatFitsAsItIs) {
  FakePages pages = {.element_bytes = 1000};
  EXPECT_EQ(pages.PageOf(1000).rows_size(), 1000);
  EXPECT_THAT(pages.asked, ElementsAre(1000));
}

TEST(FillPage, ShortensAPageUntilItFits) {
  FakePages pages = {.element_bytes = 10'000};
  const auto page = pages.PageOf(1000);
  EXPECT_EQ(page.rows_size(), 250);
  EXPECT_LE(page.ByteSizeLong(), kMaxPageBytes);
  EXPECT_THAT(pages.asked, ElementsAre(1000, 500, 250));
}

TEST(FillPage, GivesAtLeastOneElement) {
  FakePages pages = {.element_bytes = 2 * kMaxPageBytes};
  EXPECT_EQ(pages.PageOf(3).rows_size(), 1);
}

TEST(FillPage, PassesErrorsOn) {
  pb::ListQuarantinedResponse response;
  const auto failed = FillPage({}, response, [](const auto&) { return base::Status(base::Fail(base::Internal("x"))); });
  EXPECT_FALSE(failed);
}

TEST(PageFrom, KeepsTheRevisionOfTheFirstPage) {
  pb::ListBenchmarksRequest request;
  request.set_page_size(7);
  request.set_page_token(NextPageToken(request, "after", 42));
  const auto page = PageFrom(request, 0).value();
  EXPECT_EQ(page.size, 7);
  EXPECT_EQ(page.after, "after");
  EXPECT_EQ(page.revision, 42);
}

TEST(PageFrom, LetsThePageSizeChangeBetweenPages) {
  pb::ListBenchmarksRequest request;
  request.set_page_token(NextPageToken(request, "after", 42));
  request.set_page_size(3);
  EXPECT_THAT(PageFrom(request), IsOk());
}

TEST(PageFrom, RefusesTheTokenOfAnotherQuery) {
  pb::ListBenchmarksRequest request;
  request.set_page_token(NextPageToken(request, "after", 42));
  request.set_revision(3);
  EXPECT_THAT(PageFrom(request), loadline::testing::HasViolation("page_token"));
}

}  // namespace
}  // namespace loadline::store
