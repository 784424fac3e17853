#include "services/benchmark-store/repository/search/word_match.h"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

namespace loadline::store {
namespace {

double Match(const std::string& asked, const std::string& word) {
  return WordMatch(PreparedWord(asked), PreparedWord(word));
}

std::string AnyWord() {
  return *rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::elementOf(std::string("abc7"))));
}

TEST(Similarity, IsTheShareOfTrigramsThatBothHave) {
  // "  i", " in", "ins", "nst", "str" and "ct " of eleven.
  EXPECT_DOUBLE_EQ(Similarity(PreparedWord("instrct"), PreparedWord("instruct")), 6.0 / 11);
  EXPECT_DOUBLE_EQ(Similarity(PreparedWord("phi"), PreparedWord("gpt")), 0);
  EXPECT_DOUBLE_EQ(Similarity(PreparedWord("aaaa"), PreparedWord("aaa")), 1) << "each trigram counts once";
}

RC_GTEST_PROP(Similarity, IsSymmetricAndWithinZeroAndOne, ()) {
  const PreparedWord a(AnyWord());
  const PreparedWord b(AnyWord());
  RC_ASSERT(Similarity(a, b) == Similarity(b, a));
  RC_ASSERT(Similarity(a, b) >= 0 && Similarity(a, b) <= 1);
  RC_ASSERT(Similarity(a, a) == 1);
}

TEST(WordMatch, RanksTheSameWordOverStartsAndTheseBySpellings) {
  EXPECT_EQ(Match("llama", "llama"), 1);
  EXPECT_EQ(Match("lla", "llama"), 0.5 + 0.5 * 3 / 5);
  EXPECT_DOUBLE_EQ(Match("instrct", "instruct"), 6.0 / 11);
  EXPECT_EQ(Match("zeppelin", "llama"), 0);
}

TEST(WordMatch, OtherDigitsAreNoSpelling) {
  EXPECT_EQ(Match("qwen3", "qwen2"), 0);
  EXPECT_EQ(Match("w4a16", "w8a16"), 0);
  EXPECT_EQ(Match("70b", "7b"), 0);
  EXPECT_GT(Match("llama3", "llama"), 0.5) << "people join a name and its number";
}

RC_GTEST_PROP(WordMatch, OnlyStartsAndSimilarWordsMatch, ()) {
  const PreparedWord asked(AnyWord());
  const PreparedWord word(AnyWord());
  const double match = WordMatch(asked, word);
  RC_ASSERT(match >= 0 && match <= 1);
  if (match > 0) RC_ASSERT(word.text.starts_with(asked.text) || Similarity(asked, word) >= kSpellingSimilarity);
  RC_ASSERT(asked.text != word.text || match == 1);
}

}  // namespace
}  // namespace loadline::store
