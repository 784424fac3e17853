#include "cli/importers/document.h"

#include <gmock/gmock.h>

#include "libs/testing/matchers.h"

namespace loadline::cli {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(OpenDocument, UnderstandsJson) {
  const auto document = OpenDocument(" \r\n{\"a\": [1]}\r\n");
  ASSERT_THAT(document, testing::IsOk());
  EXPECT_EQ(document->syntax, Syntax::kJson);
  EXPECT_EQ(document->content, json::parse(R"({"a": [1]})"));
}

TEST(OpenDocument, SkipsAByteOrderMark) {
  EXPECT_EQ(OpenDocument("\xEF\xBB\xBF[1]").value().content, json::parse("[1]"));
  EXPECT_EQ(OpenDocument("\xEF\xBB\xBF\x61: 1\n").value().content, json::parse(R"({"a": 1})"));
  EXPECT_EQ(OpenDocument("\xEF\xBB\xBFone,two\n").value().FirstLine(), "one,two");
}

TEST(OpenDocument, UnderstandsJsonLinesAndKnowsWhereEachStands) {
  const auto document = OpenDocument("{\"a\": 1}\r\n\r\n{\"a\": 2}\n").value();
  EXPECT_EQ(document.syntax, Syntax::kJsonLines);
  EXPECT_EQ(document.content, json::parse(R"([{"a": 1}, {"a": 2}])"));
  EXPECT_EQ(document.LocationOf(0), "line 1");
  EXPECT_EQ(document.LocationOf(1), "line 3");
}

TEST(OpenDocument, SetsBrokenLinesOfJsonLinesApart) {
  const auto document = OpenDocument("{\"a\": 1}\n{\"a\": }\n[3]\n{\"a\": 4}\n").value();
  EXPECT_EQ(document.content, json::parse(R"([{"a": 1}, {"a": 4}])"));
  EXPECT_THAT(document.lines, ElementsAre(1, 4));
  ASSERT_EQ(document.broken_lines.size(), 2u);
  EXPECT_EQ(document.broken_lines[0].line, 2u);
  EXPECT_THAT(document.broken_lines[0].problem, ::testing::StartsWith("not valid JSON at column 7: "));
  EXPECT_EQ(document.broken_lines[1].line, 3u);
  EXPECT_EQ(document.broken_lines[1].problem, "not a JSON object");
}

TEST(OpenDocument, TakesJsonLinesWhoseFirstIsBroken) {
  const auto document = OpenDocument("{\"a\": \n{\"a\": 2}\n{\"a\": 3}\n").value();
  EXPECT_EQ(document.syntax, Syntax::kJsonLines);
  EXPECT_THAT(document.lines, ElementsAre(2, 3));
}

TEST(OpenDocument, TakesOneDocumentWithAMistakeForThat) {
  for (const char* text : {"{\"a\": 1", "{\n\"a\": 1,\n\"b\": {\"c\": 2},\n}", "[{\"a\": 1},\n{\"a\": 2}\n",
                           "{\"rows\": [\n{\"a\": 1},\n{\"a\": 2}\n"}) {
    EXPECT_THAT(OpenDocument(text), testing::Fails(base::ErrorCode::kInvalidArgument, "MALFORMED_JSON")) << text;
  }
}

TEST(OpenDocument, UnderstandsYaml) {
  const auto document = OpenDocument("a:\n- 1\n").value();
  EXPECT_EQ(document.syntax, Syntax::kYaml);
  EXPECT_EQ(document.content, json::parse(R"({"a": [1]})"));
}

TEST(OpenDocument, LeavesTablesAndProseAlone) {
  for (const char* text : {"a,b,c\n1,2,3\n", "Dear reader\n", ""}) {
    const auto document = OpenDocument(text).value();
    EXPECT_EQ(document.syntax, Syntax::kOther) << text;
    EXPECT_TRUE(document.content.is_null()) << text;
  }
}

TEST(OpenDocument, SaysWhyATextIsNotYaml) {
  EXPECT_THAT(OpenDocument("a: [1\n").value().yaml_problem, ::testing::HasSubstr("line 2"));
  EXPECT_THAT(OpenDocument("Dear reader\n").value().yaml_problem, IsEmpty());
}

TEST(OpenDocument, RefusesBytesThatAreNoText) {
  EXPECT_THAT(OpenDocument("a,b\n\xFF\xFE,1\n"), testing::Fails(base::ErrorCode::kInvalidArgument, "NOT_A_REPORT"));
}

}  // namespace
}  // namespace loadline::cli
