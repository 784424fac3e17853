#include "libs/wire/page_token.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "libs/testing/matchers.h"

namespace loadline::wire {
namespace {

using base::ErrorCode;
using testing::Fails;
using testing::HasViolation;

RC_GTEST_PROP(PageToken, APositionSurvives,
              (std::int64_t revision, const std::string& after, const std::string& query)) {
  const PagePosition position{.revision = revision, .after = after};
  RC_ASSERT(DecodePageToken(EncodePageToken(position, query), query).value() == position);
}

RC_GTEST_PROP(PageToken, ATokenFitsIntoAUrl, (std::int64_t revision, const std::string& after)) {
  const auto token = EncodePageToken({.revision = revision, .after = after}, "query");
  RC_ASSERT(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
            std::string::npos);
}

RC_GTEST_PROP(PageToken, AnotherQueryRefusesIt, (const std::string& query, const std::string& other)) {
  RC_PRE(query != other);
  const auto token = EncodePageToken({.revision = 3, .after = "b"}, query);
  RC_ASSERT(!DecodePageToken(token, other).has_value());
}

// Not the last character, whose low bits may carry nothing.
RC_GTEST_PROP(PageToken, AChangedCharacterIsNoticed, (const std::string& after)) {
  auto token = EncodePageToken({.revision = 3, .after = after}, "query");
  const auto at = *rc::gen::inRange<std::size_t>(0, token.size() - 1);
  token[at] = token[at] == 'A' ? 'B' : 'A';
  RC_ASSERT(!DecodePageToken(token, "query").has_value());
}

RC_GTEST_PROP(PageToken, ATokenThatWasCutShortIsNoticed, (const std::string& after)) {
  const auto token = EncodePageToken({.revision = 3, .after = after}, "query");
  const auto kept = *rc::gen::inRange<std::size_t>(0, token.size() - 1);
  RC_ASSERT(!DecodePageToken(token.substr(0, kept), "query").has_value());
}

RC_GTEST_PROP(PageToken, AnyOtherTextIsRefused, (const std::string& text)) {
  RC_ASSERT(!DecodePageToken(text, "query").has_value());
}

TEST(PageToken, TheErrorNamesTheFieldAndSaysWhatToDo) {
  const auto position = DecodePageToken("not a token!", "query", "page_token");
  EXPECT_THAT(position, Fails(ErrorCode::kInvalidArgument, "INVALID_REQUEST"));
  EXPECT_THAT(position, HasViolation("page_token"));
  EXPECT_THAT(position.error().message, ::testing::HasSubstr("start again without it"));
}

TEST(PageToken, QueryAndPositionDoNotRunIntoEachOther) {
  const auto token = EncodePageToken({.revision = 0, .after = ""}, std::string(8, '\0'));
  EXPECT_FALSE(DecodePageToken(token, "").has_value());
}

TEST(PageSize, NotSetMeansTheFallback) { EXPECT_EQ(PageSize(0).value(), 100); }

TEST(PageSize, TooMuchMeansTheCap) { EXPECT_EQ(PageSize(5000).value(), 1000); }

TEST(PageSize, InBetweenIsKept) { EXPECT_EQ(PageSize(7).value(), 7); }

TEST(PageSize, NegativeFailsOnTheField) {
  EXPECT_THAT(PageSize(-1, 10, 20, "top"), Fails(ErrorCode::kInvalidArgument, "INVALID_REQUEST"));
  EXPECT_THAT(PageSize(-1, 10, 20, "top"), HasViolation("top"));
}

}  // namespace
}  // namespace loadline::wire
