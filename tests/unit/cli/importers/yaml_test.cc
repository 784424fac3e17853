#include "cli/importers/yaml.h"

#include <gmock/gmock.h>

#include <string>

#include "libs/testing/matchers.h"

namespace loadline::cli {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

std::string ProblemOf(std::string_view text, YamlLimits limits = {}) {
  const auto parsed = ParseYaml(text, limits);
  EXPECT_FALSE(parsed) << text.substr(0, 100);
  if (parsed) return {};
  EXPECT_EQ(parsed.error().reason, "MALFORMED_YAML");
  return parsed.error().message;
}

TEST(ParseYaml, ReadsMapsSequencesAndScalars) {
  const auto parsed = ParseYaml(R"(---
list:
- 1
- -2.5
- 1e3
- .5
text: "12"
single: 'true'
words: two words
flags: [true, False, null, ~]
empty:
nested: {a: {b: []}}
7: seven
)");
  ASSERT_THAT(parsed, testing::IsOk());
  EXPECT_EQ(*parsed, json::parse(R"({"list": [1, -2.5, 1000.0, 0.5], "text": "12", "single": "true",
    "words": "two words", "flags": [true, false, null, null], "empty": null, "nested": {"a": {"b": []}}, "7": "seven"})"));
}

TEST(ParseYaml, TakesNotANumberForNullAndInfinityForAText) {
  EXPECT_EQ(ParseYaml("[.nan, .inf, -.INF, inf, nan]").value(),
            json::parse(R"([null, "Infinity", "-Infinity", "inf", "nan"])"));
}

TEST(ParseYaml, LeavesTextsThatOnlyStartLikeNumbers) {
  EXPECT_EQ(ParseYaml("[2026-01-01, 1.2.3, 0x10, e, '-']").value(),
            json::parse(R"(["2026-01-01", "1.2.3", "0x10", "e", "-"])"));
}

TEST(ParseYaml, RepeatsAliases) {
  EXPECT_EQ(ParseYaml("a: &x {n: [1]}\nb: *x\nc: &y 5\nd: *y\n").value(),
            json::parse(R"({"a": {"n": [1]}, "b": {"n": [1]}, "c": 5, "d": 5})"));
}

TEST(ParseYaml, ReadsOnlyTheFirstDocument) { EXPECT_EQ(ParseYaml("a: 1\n---\nb: 2\n").value(), json({{"a", 1}})); }

TEST(ParseYaml, TakesNothingForNull) { EXPECT_TRUE(ParseYaml("").value().is_null()); }

TEST(ParseYaml, NamesLineAndColumnOfAMistake) {
  EXPECT_THAT(ProblemOf("a: 1\nb: [1, 2\n"), HasSubstr("not valid YAML at line 3, column 1: "));
  EXPECT_THAT(ProblemOf("a: *nowhere\n"), HasSubstr("line 1, column 4"));
  EXPECT_THAT(ProblemOf("? [a]\n: 1\n"), HasSubstr("a key that is not a scalar"));
}

TEST(ParseYaml, QuotesNoBytesThatAreUnsafeToShow) {
  EXPECT_THAT(ProblemOf(std::string("a: *n\xC3\xA9\x01\n")), Not(HasSubstr("\xC3")));
  EXPECT_THAT(ProblemOf(std::string("a: @\n")), HasSubstr("line 1"));
}

TEST(ParseYaml, RefusesAnAliasWithinItsOwnAnchor) { EXPECT_THAT(ProblemOf("&a [*a]"), HasSubstr("own anchor")); }

TEST(ParseYaml, RefusesWhatIsNestedTooDeeply) {
  EXPECT_THAT(ParseYaml(std::string(64, '[') + std::string(64, ']')), testing::IsOk());
  EXPECT_THAT(ProblemOf(std::string(65, '[') + std::string(65, ']')), HasSubstr("nested deeper than 64 levels"));
  EXPECT_THAT(ProblemOf(std::string(1'000'000, '[')), HasSubstr("nested deeper than 64 levels"));
}

TEST(ParseYaml, CountsTheDepthOfAliases) {
  const YamlLimits limits = {.max_depth = 4};
  EXPECT_THAT(ParseYaml("a: &a [[1]]\nb: [*a]\n", limits), testing::IsOk());
  EXPECT_THAT(ProblemOf("a: &a [[1]]\nb: [[*a]]\n", limits), HasSubstr("nested deeper than 4 levels"));
}

TEST(ParseYaml, RefusesAliasesThatMultiply) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int j = 0; j < 9; ++j) bomb += ", " + before;
    bomb += "]\n";
  }
  EXPECT_THAT(ProblemOf(bomb, {.max_values = 10'000}), HasSubstr("more than 10000 values"));
}

TEST(ParseYaml, RefusesWhatIsTooLong) { EXPECT_THAT(ProblemOf("a: 12345", {.max_bytes = 5}), HasSubstr("larger")); }

TEST(ParseYaml, CountsTheTextsOfEveryAlias) {
  std::string laughs = "a: &a " + std::string(1000, 'x') + "\nb: [";
  for (int i = 0; i < 1000; ++i) laughs += "*a, ";
  laughs += "*a]\n";
  EXPECT_THAT(ParseYaml(laughs), testing::IsOk());
  const auto refused = ParseYaml(laughs, {.max_value_bytes = 500'000});
  EXPECT_THAT(refused, testing::Fails(base::ErrorCode::kInvalidArgument, "MALFORMED_YAML"));
  EXPECT_THAT(refused.error().message, ::testing::HasSubstr("Save it as JSON"));
}

TEST(ParseYaml, CountsWhatAnAnchorKeeps) {
  std::string nested = "[1, 2, 3]";
  for (int i = 0; i < 40; ++i) nested = "[&a" + std::to_string(i) + " " + nested + "]";
  EXPECT_THAT(ParseYaml(nested), testing::IsOk());
  EXPECT_THAT(ParseYaml(nested, {.max_value_bytes = 10'000}),
              testing::Fails(base::ErrorCode::kInvalidArgument, "MALFORMED_YAML"));
}

}  // namespace
}  // namespace loadline::cli
