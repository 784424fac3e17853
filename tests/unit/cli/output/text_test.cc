#include "cli/output/text.h"

#include <gmock/gmock.h>

namespace loadline::cli {
namespace {

using ::testing::ElementsAre;

TEST(Text, WidthCountsCharactersNotBytes) {
  EXPECT_EQ(DisplayWidth("abc"), 3U);
  EXPECT_EQ(DisplayWidth("≥ 12"), 4U);
  EXPECT_EQ(DisplayWidth("日本"), 4U) << "wide characters take two columns";
  EXPECT_EQ(DisplayWidth("e\u0301"), 1U) << "a combining accent takes none";
  EXPECT_EQ(DisplayWidth("🚢"), 2U);
  EXPECT_EQ(DisplayWidth(""), 0U);
}

TEST(Text, WidthOfBrokenUtf8IsOnePerByte) {
  EXPECT_EQ(DisplayWidth("\xC3"), 1U);
  EXPECT_EQ(DisplayWidth("a\xFF\xFE"), 3U);
  EXPECT_EQ(DisplayWidth("\xE2\x89"), 2U) << "cut in the middle of a character";
}

TEST(Text, PrintableDisarmsTerminalControl) {
  EXPECT_EQ(Printable("\x1b[2Jmodel"), "?[2Jmodel");
  EXPECT_EQ(Printable("a\tb\rc\n"), "a?b?c\n");
  EXPECT_EQ(Printable("\u202Egnp.exe"), "?gnp.exe") << "right-to-left override";
  EXPECT_EQ(Printable("\u009B31m"), "?31m") << "the one-character control sequence introducer";
  EXPECT_EQ(Printable("bad\xFF"), "bad?");
  EXPECT_EQ(Printable("≥ 日本 é"), "≥ 日本 é");
}

TEST(Text, WrapBreaksAfterSpaces) {
  EXPECT_THAT(Wrap("one two three", 8), ElementsAre("one two", "three"));
  EXPECT_THAT(Wrap("one two", 7), ElementsAre("one two"));
  EXPECT_THAT(Wrap("one two", 3), ElementsAre("one", "two")) << "the space hangs over the edge";
  EXPECT_THAT(Wrap("", 5), ElementsAre(""));
}

TEST(Text, WrapBreaksLongWordsAfterPunctuationElseAnywhere) {
  EXPECT_THAT(Wrap("acme/sail-7b-instruct", 12), ElementsAre("acme/sail-", "7b-instruct"));
  EXPECT_THAT(Wrap("abcdefgh", 3), ElementsAre("abc", "def", "gh"));
  EXPECT_THAT(Wrap("日本語", 4), ElementsAre("日本", "語")) << "never within a character";
}

TEST(Text, WrapLosesNothing) {
  const std::string line = "a bb  ccc-dddd/eeeee ffffff, ggggggg 日本語日本語 hhhhhhhh";
  for (std::size_t width = 2; width < 60; ++width) {
    std::string joined;
    for (const auto& piece : Wrap(line, width)) {
      EXPECT_LE(DisplayWidth(piece), width);
      joined += piece;
    }
    std::string expected = line;
    std::erase(joined, ' ');
    std::erase(expected, ' ');
    EXPECT_EQ(joined, expected) << "at width " << width;
  }
}

TEST(Text, SplitLinesKeepsEmptyLines) {
  EXPECT_THAT(SplitLines("a\n\nb\n"), ElementsAre("a", "", "b", ""));
  EXPECT_THAT(SplitLines(""), ElementsAre(""));
}

}  // namespace
}  // namespace loadline::cli
