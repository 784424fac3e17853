#include "libs/domain/text.h"

#include <gmock/gmock.h>

namespace loadline::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Lower, ChangesAsciiLettersOnly) { EXPECT_EQ(Lower("FP8-\xC3\x84 z"), "fp8-\xC3\x84 z"); }

TEST(Trim, RemovesWhiteSpaceAtBothEnds) {
  EXPECT_EQ(Trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(Trim(" \n "), "");
  EXPECT_EQ(Trim(""), "");
}

TEST(EqualsIgnoringCase, ComparesWholeTexts) {
  EXPECT_TRUE(EqualsIgnoringCase("H100", "h100"));
  EXPECT_FALSE(EqualsIgnoringCase("L4", "L40"));
  EXPECT_FALSE(EqualsIgnoringCase("L40", "L4"));
}

TEST(NameWords, SplitsButNotAtDecimalPoints) {
  EXPECT_THAT(NameWords("Qwen2.5-7B-instruct-quantized.w4a16"),
              ElementsAre("qwen2.5", "7b", "instruct", "quantized", "w4a16"));
  EXPECT_THAT(NameWords("NVIDIA H100_80GB/(SXM5)"), ElementsAre("nvidia", "h100", "80gb", "sxm5"));
  EXPECT_THAT(NameWords(" -- ."), IsEmpty());
}

TEST(HasNameWords, AgreesWithNameWords) {
  EXPECT_TRUE(HasNameWords("H100-80GB", {"h100", "80gb"}));
  EXPECT_TRUE(HasNameWords(" llama_3.1/8b.", {"llama", "3.1", "8b"}));
  EXPECT_TRUE(HasNameWords("--", {}));
  EXPECT_FALSE(HasNameWords("H100-80GB", {"h100"}));
  EXPECT_FALSE(HasNameWords("H100", {"h100", "80gb"}));
  EXPECT_FALSE(HasNameWords("H1000", {"h100"}));
}

TEST(Quoted, IsSafeForAnyBytes) {
  EXPECT_EQ(Quoted("p42"), "`p42`");
  EXPECT_EQ(Quoted(std::string_view("\0\n\xFF", 3)), "`\\x00\\x0a\\xff`");
}

TEST(Quoted, CutsLongText) {
  EXPECT_EQ(Quoted(std::string(40, 'a')), "`" + std::string(40, 'a') + "`");
  EXPECT_EQ(Quoted(std::string(41, 'a')), "`" + std::string(40, 'a') + "...`");
}

TEST(IsPrintable, HasNoControlCharacters) {
  EXPECT_TRUE(IsPrintable("caf\xC3\xA9 8b"));
  EXPECT_FALSE(IsPrintable("a\nb"));
  EXPECT_FALSE(IsPrintable("\x1B[31m"));
  EXPECT_FALSE(IsPrintable("\x7F"));
}

}  // namespace
}  // namespace loadline::domain
