#include "cli/importers/exported_summaries/sql_dump.h"

#include <gmock/gmock.h>

#include "cli/importers/exported_summaries/sql_text.h"
#include "libs/json/timestamp.h"
#include "tests/unit/cli/importers/the_point.h"

namespace loadline::cli {
namespace {

using domain::Reading;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::SizeIs;

/// The three rows that all tables of the fixtures hold.
void ExpectTheThreeRows(const ImportedReport& report) {
  ASSERT_THAT(report.rows, SizeIs(::testing::Ge(3)));
  for (std::size_t i = 0; i < 3; ++i) {
    SCOPED_TRACE(report.rows[i].location);
    EXPECT_THAT(report.rows[i].problems, IsEmpty());
    const auto& m = report.rows[i].measurement;
    EXPECT_EQ(m.configuration.ToString(), "example-org/model-7b on 2x H100, vllm 0.8.4");
    EXPECT_EQ(m.ttft, Latency(230.0, kAbsent, 260.0, 280.0, 320.0));
    EXPECT_EQ(m.itl, Latency(10.0, kAbsent, kAbsent, 11.5, kAbsent));
    EXPECT_EQ(m.e2e, Latency(1500.0, kAbsent, kAbsent, 1800.0, kAbsent));
    EXPECT_EQ(m.load.offered_rps, Reading(2.5 + static_cast<double>(i)));
    EXPECT_EQ(m.load.achieved_rps, Reading(2.25 + static_cast<double>(i)));
    EXPECT_EQ(m.input_lengths, (domain::TokenLengths{.mean = 510.0, .nominal = 512.0}));
    EXPECT_EQ(m.measured_at, json::ParseTimestamp("2026-01-02T03:04:05Z"));
    EXPECT_EQ(m.provenance.tool_version, "v0.3.0");
  }
}

TEST(SqlDump, ReadsEveryShapeOfDump) {
  for (const auto& [name, format] :
       {std::pair{"copy.sql", "exported_summaries/copy"}, std::pair{"inserts.sql", "exported_summaries/inserts"},
        std::pair{"column_inserts.sql", "exported_summaries/inserts"}}) {
    SCOPED_TRACE(name);
    const ImportedReport report = ReadFixture(std::string("exported_summaries/") + name, {});
    EXPECT_EQ(report.format, format);
    EXPECT_THAT(report.rows, SizeIs(3));
    ExpectTheThreeRows(report);
  }
}

TEST(SqlDump, NumbersLinesAsAnEditorDoes) {
  const ImportedReport report = ReadFixture("exported_summaries/copy.sql", {});
  const std::string text(Fixture("exported_summaries/copy.sql").text.view());
  const auto before = text.substr(0, text.find("0\tc0\t"));
  EXPECT_EQ(report.rows.at(0).location, "line " + std::to_string(1 + std::count(before.begin(), before.end(), '\n')));
}

TEST(SqlDump, AlsoReadsTheTableAsCsv) {
  const ImportedReport report = ReadFixture("exported_summaries/table.csv", {});
  EXPECT_EQ(report.format, "exported_summaries/csv");
  EXPECT_THAT(report.rows, SizeIs(3));
  ExpectTheThreeRows(report);
}

TEST(SqlDump, AlsoReadsWhatPsqlPrintsButForValuesWithBars) {
  const ImportedReport report = ReadFixture("exported_summaries/table.psv", {});
  EXPECT_EQ(report.format, "exported_summaries/psql");
  EXPECT_THAT(report.rows, SizeIs(4));
  ExpectTheThreeRows(report);
  EXPECT_THAT(report.rows.at(3).problems, ElementsAre(HasSubstr("does one hold the separator")));
}

TEST(SqlDump, RefusesOtherTablesAndTheCustomFormat) {
  const auto other = ReadReport(Text("--\nCOPY public.other (a) FROM stdin;\n1\n\\.\n"), {});
  EXPECT_THAT(other, testing::Fails(base::ErrorCode::kInvalidArgument, "NOT_A_REPORT"));
  EXPECT_THAT(other.error().message, HasSubstr("without rows of the table exported_summaries"));
  EXPECT_THAT(ReadReport(Fixture("unusable/dump.custom"), {}).error().message, HasSubstr("pg_restore -f out.sql"));
}

TEST(SqlDump, ARowOfAnotherWidthIsRefusedAlone) {
  const auto report = ReadReport(Text("COPY exported_summaries (model_hf_repo, ttft_mean, hardware, hardware_count, "
                                      "framework) FROM stdin;\nm\t20\tH100\t1\tvllm\nm\t20\n\\.\n"),
                                 {});
  ASSERT_THAT(report, testing::IsOk());
  EXPECT_THAT(report->rows.at(0).problems, IsEmpty());
  EXPECT_THAT(report->rows.at(1).problems, ElementsAre(HasSubstr("2 values under 5 columns")));
}

TEST(ParseCopyLine, UndoesEscapes) {
  EXPECT_THAT(ParseCopyLine("a\\tb\\nc\\\\d\\x41\\101\t\\N\t\tlast\\"),
              ElementsAre(Optional(std::string("a\tb\nc\\dAA")), std::nullopt, Optional(std::string()),
                          Optional(std::string("last"))));
}

std::vector<SqlValues> RowsOf(std::string_view values, std::size_t most = 1000) {
  std::vector<SqlValues> rows;
  ParseValues(values, [&](SqlValues row) {
    rows.push_back(std::move(row));
    return rows.size() < most;
  });
  return rows;
}

TEST(ParseValues, EndsWhereNoMoreIsWanted) { EXPECT_THAT(RowsOf("(1), (2), (3)", 2), SizeIs(2)); }

TEST(ParseValues, KnowsLiterals) {
  const auto rows = RowsOf("(1, 'it''s, (so)', NULL, E'a\\nb', -2.5), ('x') ON CONFLICT (id) DO NOTHING");
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_THAT(rows[0], ElementsAre(Optional(std::string("1")), Optional(std::string("it's, (so)")), std::nullopt,
                                   Optional(std::string("a\nb")), Optional(std::string("-2.5"))));
  EXPECT_THAT(rows[1], ElementsAre(Optional(std::string("x"))));
}

TEST(ParseValues, EndsWithTheText) {
  for (const char* text : {"(", "('", "(1,", "(E'\\", "($a$", "", ")", "(\"", "((("}) RowsOf(text);
}

TEST(ParseValues, PassesOverWhatIsMoreThanAnyRowHas) {
  std::string row = "(0";
  for (int i = 0; i < 20'000; ++i) row += ",0";
  EXPECT_THAT(RowsOf(row + ")"), ElementsAre(SizeIs(10'000)));
}

TEST(ParseNames, KnowsQuotesAndLeavesConstraintsOut) {
  EXPECT_THAT(ParseNames("(a text, \"order by\" integer DEFAULT f(1, 2), CONSTRAINT c CHECK (a > 0))"),
              ElementsAre("a", "order by"));
}

TEST(SqlScanner, PassesOverCommentsCommandsAndQuotedSemicolons) {
  SqlScanner scanner("-- a;\n\\restrict x\nSELECT ';', $$;$$, \";\";\n\nSET a = 1;");
  EXPECT_EQ(scanner.NextStatement(), "SELECT ';', $$;$$, \";\"");
  EXPECT_EQ(scanner.line(), 3u);
  EXPECT_EQ(scanner.NextStatement(), "SET a = 1");
  EXPECT_EQ(scanner.line(), 5u);
  EXPECT_EQ(scanner.NextStatement(), "");
}

TEST(SqlDump, IsKnownByItsStatementsWhateverItStartsWith) {
  const std::string dump(Fixture("exported_summaries/copy.sql").text.view());
  for (const char* start :
       {"BEGIN;\n", "SET statement_timeout = 0;\n", "\\restrict abc\n", "/* of Monday */\n", "\n\n"}) {
    SCOPED_TRACE(start);
    const auto report = ReadReport(Text(start + dump), {});
    ASSERT_THAT(report, testing::IsOk());
    EXPECT_THAT(report->rows, SizeIs(3));
  }
}

TEST(SqlDump, WhoseEndIsMissingIsRefused) {
  const std::string dump(Fixture("exported_summaries/copy.sql").text.view());
  const auto report = ReadReport(Text(dump.substr(0, dump.rfind("\n\\."))), {});
  ASSERT_THAT(report, testing::Fails(base::ErrorCode::kInvalidArgument, "NOT_A_REPORT"));
  EXPECT_THAT(report.error().message, HasSubstr("end is missing"));
}

TEST(SqlDump, EscapesThatAreNoTextAreAProblemOfTheirRow) {
  std::string dump(Fixture("exported_summaries/copy.sql").text.view());
  dump.replace(dump.find("example-org"), 11, "example\\377");
  const auto report = ReadReport(Text(dump), {});
  ASSERT_THAT(report, testing::IsOk());
  EXPECT_THAT(report->rows.at(0).problems, ElementsAre("model_hf_repo is not a text in UTF-8"));
  EXPECT_THAT(report->rows.at(1).problems, IsEmpty());
}

TEST(SqlDump, ATableWithoutItsHeaderIsRefusedWithAdvice) {
  std::string table(Fixture("exported_summaries/table.psv").text.view());
  const auto report = ReadReport(Text(table.substr(table.find('\n') + 1)), {});
  ASSERT_THAT(report, testing::Fails(base::ErrorCode::kInvalidArgument, "NOT_A_REPORT"));
  EXPECT_THAT(report.error().message, HasSubstr("Run psql without --tuples-only"));
}

}  // namespace
}  // namespace loadline::cli
