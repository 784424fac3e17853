#include "services/benchmark-store/repository/search/model_query.h"

#include <gmock/gmock.h>

#include "libs/testing/matchers.h"

namespace loadline::store {
namespace {

using loadline::testing::HasViolation;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(SearchWords, AreRunsOfAsciiLettersAndDigitsInLowerCase) {
  EXPECT_THAT(SearchWords("Acme/Llama-3.1_8B (w4a16)"), ElementsAre("acme", "llama", "3", "1", "8b", "w4a16"));
  EXPECT_THAT(SearchWords("na\xC3\xAFve:*|'drop'"), ElementsAre("na", "ve", "drop"));
  EXPECT_THAT(SearchWords(" -/\n"), IsEmpty());
  EXPECT_THAT(SearchWords(std::string("a\0b", 3)), ElementsAre("a", "b"));
}

TEST(ModelQuery, KeepsEachWordOnceInItsPlace) {
  EXPECT_THAT(ModelQuery::Parse("b a B c a")->words(), ElementsAre("b", "a", "c"));
}

TEST(ModelQuery, NeedsAWord) {
  for (const auto* const empty : {"", "  ", "-- / --", "\xE6\xA8\xA1"}) {
    EXPECT_THAT(ModelQuery::Parse(empty), HasViolation("query")) << empty;
  }
}

TEST(ModelQuery, TakesSixteenWordsAnd256BytesAndNoMore) {
  EXPECT_THAT(ModelQuery::Parse("a b c d e f g h i j k l m n o p")->words(), SizeIs(16));
  const auto many = ModelQuery::Parse("a b c d e f g h i j k l m n o p q");
  EXPECT_THAT(many, HasViolation("query"));
  EXPECT_THAT(many.error().message, HasSubstr("17 words"));
  EXPECT_TRUE(ModelQuery::Parse(std::string(256, 'x')).has_value());
  EXPECT_THAT(ModelQuery::Parse(std::string(257, 'x')), HasViolation("query"));
}

}  // namespace
}  // namespace loadline::store
