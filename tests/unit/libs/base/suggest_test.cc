#include "libs/base/suggest.h"

#include <gmock/gmock.h>

namespace loadline::base {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(ClosestNames, NamesThatContainItComeBeforeThoseWithATypo) {
  EXPECT_THAT(ClosestNames("llama", {"lama", "meta-llama/llama-3.1-8b", "qwen"}),
              ElementsAre("meta-llama/llama-3.1-8b", "lama"));
}

TEST(ClosestNames, TheNearestComesFirst) {
  EXPECT_THAT(ClosestNames("granite", {"grabit", "granit", "gramites"}), ElementsAre("granit", "grabit", "gramites"));
}

TEST(ClosestNames, TiesAreAlphabetical) {
  EXPECT_THAT(ClosestNames("H10", {"H100-b", "H100-a"}), ElementsAre("H100-a", "H100-b"));
  EXPECT_THAT(ClosestNames("abcd", {"abcz", "abcy"}), ElementsAre("abcy", "abcz"));
}

TEST(ClosestNames, CaseDoesNotMatter) { EXPECT_THAT(ClosestNames("h100", {"H100"}), ElementsAre("H100")); }

TEST(ClosestNames, AtMostCountAreGiven) {
  EXPECT_THAT(ClosestNames("a", {"a1", "a2", "a3", "a4"}, 2), ElementsAre("a1", "a2"));
  EXPECT_THAT(ClosestNames("a", {"a1", "a2", "a3", "a4"}), ElementsAre("a1", "a2", "a3"));
}

TEST(ClosestNames, AnEditDistanceOfHalfTheLengthIsTheLast) {
  EXPECT_THAT(ClosestNames("abcd", {"abxy"}), ElementsAre("abxy"));
  EXPECT_THAT(ClosestNames("abcd", {"axyz"}), IsEmpty());
}

TEST(ClosestNames, NothingIsCloseToAnEmptyName) { EXPECT_THAT(ClosestNames("", {"a"}), IsEmpty()); }

TEST(ClosestNames, AHugeNameIsComparedWithNothingOfUsualLength) {
  EXPECT_THAT(ClosestNames(std::string(1'000'000, 'a'), {"aaaa"}), IsEmpty());
}

TEST(DidYouMean, ReadsAsASentence) {
  EXPECT_EQ(DidYouMean("a", {"a1"}), " Did you mean `a1`?");
  EXPECT_EQ(DidYouMean("a", {"a1", "a2"}), " Did you mean `a1` or `a2`?");
  EXPECT_EQ(DidYouMean("a", {"a1", "a2", "a3"}), " Did you mean `a1`, `a2` or `a3`?");
}

TEST(DidYouMean, IsEmptyWhereNothingIsClose) { EXPECT_EQ(DidYouMean("gemma", {"h100"}), ""); }

}  // namespace
}  // namespace loadline::base
