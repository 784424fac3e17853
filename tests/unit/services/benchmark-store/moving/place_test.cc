#include "services/benchmark-store/moving/place.h"

#include <gmock/gmock.h>

#include "libs/testing/matchers.h"

namespace loadline::store::moving {
namespace {

using loadline::testing::HasViolation;
using loadline::testing::IsOk;
using ::testing::Not;

TEST(PlaceTest, IsWhatItsPrefixSays) {
  const auto json = ParsePlace("json:data/a", "--from");
  ASSERT_THAT(json, IsOk());
  EXPECT_EQ(json->kind, PlaceKind::kJson);
  EXPECT_EQ(json->where, "data/a");
  EXPECT_EQ(ParsePlace("sqlite:/a.db", "--from")->kind, PlaceKind::kSqlite);
  EXPECT_EQ(ParsePlace("postgresql://host/a", "--from")->where, "postgresql://host/a");
  EXPECT_EQ(ParsePlace("postgresql:host=a dbname=b", "--from")->where, "host=a dbname=b");
}

TEST(PlaceTest, NamesTheArgumentThatIsWrong) {
  for (const auto* text : {"", "json:", "data", "mysql://a", "postgresql:"}) {
    EXPECT_THAT(ParsePlace(text, "--to"), Not(IsOk())) << text;
    EXPECT_THAT(ParsePlace(text, "--to").error(), HasViolation("--to")) << text;
  }
}

TEST(PlaceTest, NeverTellsAPassword) {
  for (const auto* text : {"postgresql://me:secret@host/a?sslmode=disable", "postgresql:password=secret host=a",
                           "postgresql://host/a?password=secret"}) {
    const auto place = ParsePlace(text, "--to");
    ASSERT_THAT(place, IsOk()) << text;
    EXPECT_THAT(NameOf(*place), Not(::testing::HasSubstr("secret")));
  }
  EXPECT_EQ(NameOf(*ParsePlace("postgresql://me:secret@host:1/a?sslmode=disable", "--to")), "postgresql://host:1/a");
}

}  // namespace
}  // namespace loadline::store::moving
