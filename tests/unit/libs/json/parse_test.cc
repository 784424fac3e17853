#include "libs/json/parse.h"

#include <gmock/gmock.h>

#include <string>

namespace loadline::json {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

base::Error ErrorOf(std::string_view text, const ParseLimits& limits = {}) {
  auto parsed = Parse(text, limits);
  EXPECT_FALSE(parsed) << "parsed: " << text.substr(0, 200);
  return parsed ? base::Error{} : parsed.error();
}

TEST(Parse, ReadsEveryKindOfValue) {
  const auto parsed = Parse(R"({"a": [1, -2, 3.5, "x\n\u00e9", true, false, null, {}], "b": {"c": []}})");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(*parsed,
            nlohmann::json::parse(R"({"a": [1, -2, 3.5, "x\n\u00e9", true, false, null, {}], "b": {"c": []}})"));
}

TEST(Parse, KeepsBigIntegersExactly) {
  EXPECT_EQ(Parse("18446744073709551615")->get<std::uint64_t>(), 18446744073709551615u);
  EXPECT_EQ(Parse("-9223372036854775808")->get<std::int64_t>(), std::numeric_limits<std::int64_t>::min());
}

TEST(Parse, SkipsAByteOrderMark) { EXPECT_EQ(*Parse("\xEF\xBB\xBF[1]"), nlohmann::json::parse("[1]")); }

TEST(Parse, CountsColumnsFromBehindTheByteOrderMark) {
  EXPECT_EQ(ErrorOf("\xEF\xBB\xBF[1,]").metadata.at("column"), "4");
  EXPECT_EQ(ErrorOf("\xEF\xBB\xBF\xEF\xBB\xBF[1]").metadata.at("column"), "1");
}

TEST(Parse, AcceptsWindowsLineEnds) { EXPECT_EQ(*Parse("{\r\n\"a\": 1\r\n}\r\n"), nlohmann::json::parse("{\"a\":1}")); }

TEST(Parse, ReadsPythonsNumbers) {
  const auto parsed = Parse(R"({"a": NaN, "b": [Infinity, -Infinity], "c": "NaN and \"Infinity\"", "d": -1})");
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_TRUE((*parsed)["a"].is_null());
  EXPECT_EQ((*parsed)["b"], nlohmann::json::array({"Infinity", "-Infinity"}));
  EXPECT_EQ((*parsed)["c"], "NaN and \"Infinity\"");
  EXPECT_EQ((*parsed)["d"], -1);
}

TEST(Parse, RefusesNamesThatOnlyStartLikePythonsNumbers) {
  EXPECT_EQ(ErrorOf("[NaNa]").reason, "MALFORMED_JSON");
  EXPECT_EQ(ErrorOf("{NaN: 1}").reason, "MALFORMED_JSON");
}

struct Mistake {
  std::string text;
  std::string line;
  std::string column;
  std::string says;
};

void PrintTo(const Mistake& mistake, std::ostream* out) { *out << ::testing::PrintToString(mistake.text); }

class MalformedJson : public ::testing::TestWithParam<Mistake> {};

TEST_P(MalformedJson, IsReportedWithLineColumnAndWhatIsWrong) {
  const base::Error error = ErrorOf(GetParam().text);
  EXPECT_EQ(error.code, base::ErrorCode::kInvalidArgument);
  EXPECT_EQ(error.reason, "MALFORMED_JSON");
  EXPECT_EQ(error.metadata.at("line"), GetParam().line);
  EXPECT_EQ(error.metadata.at("column"), GetParam().column);
  EXPECT_THAT(error.message, StartsWith("not valid JSON at line " + GetParam().line + ", column " + GetParam().column));
  EXPECT_THAT(error.message, HasSubstr(GetParam().says));
  EXPECT_THAT(error.message, Not(HasSubstr("json.exception")));
}

INSTANTIATE_TEST_SUITE_P(
    Parse, MalformedJson,
    ::testing::Values(Mistake{"", "1", "1", "unexpected end of input"},
                      Mistake{"   ", "1", "4", "unexpected end of input"},
                      Mistake{"{\"a\": 1", "1", "8", "unexpected end of input; expected '}'"},
                      Mistake{"[1, 2", "1", "6", "unexpected end of input; expected ']'"},
                      Mistake{"{\"a\": 1\n \"b\": 2}", "2", "2", "unexpected string literal; expected '}'"},
                      Mistake{"[1,\n2,\n]", "3", "1", "unexpected ']'"}, Mistake{"[1] x", "1", "5", "invalid literal"},
                      Mistake{"[1] 2", "1", "5", "unexpected number literal; expected end of input"},
                      Mistake{"{\"a\" 1}", "1", "6", "expected ':'"}, Mistake{"{a: 1}", "1", "2", "invalid literal"},
                      Mistake{"{'a': 1}", "1", "2", "invalid literal"},
                      Mistake{"[\"a\nb\"]", "1", "4", "control character"},
                      Mistake{"[\"\xff\"]", "1", "3", "ill-formed UTF-8"}, Mistake{"[1e999]", "1", "2", "1e999"},
                      Mistake{"\r\n\r\n[1,,2]", "3", "4", "unexpected ','"},
                      // The mistake is after a replaced token, whose length must not count.
                      Mistake{"[NaN, -Infinity, ]", "1", "18", "unexpected ']'"},
                      Mistake{"[NaN,\n-Infinity, Infinity x]", "2", "21", "invalid literal"}));

TEST(Parse, QuotesOnlyTheEndOfWhatItReadAndSafely) {
  const base::Error error = ErrorOf("[" + std::string(100'000, '1') + ".\xff]");
  EXPECT_THAT(error.message, HasSubstr("1.\\xff`"));
  EXPECT_LT(error.message.size(), 200u);
}

TEST(Parse, QuotesNothingOfATextWhichMayBeAKey) {
  const base::Error error = ErrorOf("[\"" + std::string(100'000, 'x') + "\xff\"]");
  EXPECT_THAT(error.message, HasSubstr("ill-formed UTF-8"));
  EXPECT_THAT(error.message, HasSubstr("a text"));
  EXPECT_THAT(error.message, ::testing::Not(HasSubstr("xxx")));
}

TEST(Parse, RefusesWhatIsNestedTooDeeply) {
  const std::string deep = std::string(64, '[') + std::string(64, ']');
  EXPECT_TRUE(Parse(deep));
  const base::Error error = ErrorOf("\n [" + deep + "]");
  EXPECT_EQ(error.reason, "MALFORMED_JSON");
  EXPECT_THAT(error.message, HasSubstr("line 2, column 66: nested deeper than 64 levels"));
}

TEST(Parse, BracketsInTextsAreNoNesting) {
  EXPECT_TRUE(Parse("[\"" + std::string(1000, '[') + "\"]"));
  EXPECT_THAT(ErrorOf(R"(["[[\"[[",[[1]]])", {.max_depth = 2}).message, HasSubstr("column 12"));
}

TEST(Parse, SurvivesAMillionBrackets) {
  EXPECT_THAT(ErrorOf(std::string(1'000'000, '[')).message, HasSubstr("column 65: nested deeper"));
  std::string objects;
  for (int i = 0; i < 1'000'000; ++i) objects += "{\"a\":";
  EXPECT_THAT(ErrorOf(objects).message, HasSubstr("nested deeper"));
}

TEST(Parse, LeavesOutWhatIsOfNoInterest) {
  const ParseLimits limits = {.skipped = {"/a/*/b", "/c"}};
  EXPECT_EQ(Parse(R"({"a": [{"b": [1, {"b": 2}], "d": 3}, {"b": 4}], "c": {"e": [[]]}, "b": 5})", limits).value(),
            nlohmann::json::parse(R"({"a": [{"b": null, "d": 3}, {"b": null}], "c": null, "b": 5})"));
  EXPECT_EQ(Parse(R"({"a": {"x": {"b": 1}}})", limits).value(), nlohmann::json::parse(R"({"a": {"x": {"b": 1}}})"));
}

TEST(Parse, WhatIsLeftOutMayBeDeepButNotWrong) {
  const std::string deep = R"({"c": )" + std::string(1000, '[') + std::string(1000, ']') + R"(, "d": 1})";
  EXPECT_EQ(Parse(deep, {.skipped = {"/c"}}).value(), nlohmann::json::parse(R"({"c": null, "d": 1})"));
  EXPECT_EQ(ErrorOf(R"({"c": [1,]})", {.skipped = {"/c"}}).reason, "MALFORMED_JSON");
}

TEST(Parse, RefusesADocumentThatTakesTooMuch) {
  std::string text = "[0";
  for (int i = 0; i < 10'000; ++i) text += ",0";
  text += "]";
  EXPECT_TRUE(Parse(text, {.max_bytes = 1'000'000}));
  EXPECT_EQ(ErrorOf(text, {.max_bytes = 100'000}).reason, "DOCUMENT_TOO_LARGE");
}

}  // namespace
}  // namespace loadline::json
