#include "cli/importers/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace loadline::cli {
namespace {

TEST(ValidUtf8Prefix, IsAllOfAWellFormedText) {
  for (const std::string text : {"", "plain", "\xC3\xA9", "\xE6\xBC\xA2", "\xF0\x9F\x9A\xA2", "\xED\x9F\xBF",
                                 "\xEE\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_EQ(ValidUtf8Prefix(text), text.size()) << text;
  }
}

TEST(ValidUtf8Prefix, EndsBeforeTheFirstBadCharacter) {
  for (const std::string bad :
       {"\x80", "\xFF", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80", "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80", "\xE6\xBC", "\xE6\xBCx", "\xC3"}) {
    EXPECT_EQ(ValidUtf8Prefix("ok \xC3\xA9" + bad), 5u) << ::testing::PrintToString(bad);
  }
}

}  // namespace
}  // namespace loadline::cli
