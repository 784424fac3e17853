#include "cli/importers/document.h"

#include <gmock/gmock.h>

#include "cli/importers/elements.h"
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

TEST(OpenDocument, UnderstandsJsonLines) {
  const auto document = OpenDocument("{\"a\": 1}\r\n\r\n{\"a\": 2}\n").value();
  EXPECT_EQ(document.syntax, Syntax::kJsonLines);
  EXPECT_EQ(document.content, json::parse(R"([{"a": 1}, {"a": 2}])"));
}

TEST(OpenDocument, TakesJsonLinesOfWhichSomeAreBroken) {
  for (const char* text : {"{\"a\": 1}\n{\"a\": }\n[3]\n", "{\"a\": \n{\"a\": 1}\n{\"a\": 1}\n"}) {
    const auto document = OpenDocument(text).value();
    EXPECT_EQ(document.syntax, Syntax::kJsonLines) << text;
    EXPECT_EQ(document.content.front(), json::parse(R"({"a": 1})")) << text;
  }
}

TEST(OpenDocument, RefusesWhatTakesTooMuchWhenItIsRead) {
  const auto document = OpenDocument("[1, 2, 3, 4]", {.max_bytes = 100});
  EXPECT_THAT(document, testing::Fails(base::ErrorCode::kInvalidArgument, "FILE_TOO_LARGE"));
}

TEST(ReadElements, MakesARowOfEveryLine) {
  const auto document = OpenDocument("{\"a\": 1}\r\n\r\n{\"a\": }\n[3]\n{\"b\": 4}\n{\"a\": 5}").value();
  const auto is = [](const json& element) { return element.contains("a"); };
  const auto rows = ReadElements(
      document, is, [](const json&) { return ImportedRow{}; }, "an a");
  std::vector<std::string> found;
  for (const auto& row : rows) found.push_back(row.location + (row.problems.empty() ? "" : ": " + row.problems[0]));
  EXPECT_THAT(found, ElementsAre("line 1", ::testing::StartsWith("line 3: not valid JSON at column 7: "),
                                 "line 4: not an a", "line 5: not an a", "line 6"));
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
