#include "cli/importers/csv.h"

#include <gmock/gmock.h>

namespace loadline::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<CsvLine> LinesOf(std::string_view text) {
  std::vector<CsvLine> lines;
  CsvReader reader(text);
  for (CsvLine line; reader.Next(line);) lines.push_back(std::move(line));
  return lines;
}

std::vector<std::vector<std::string>> CellsOf(std::string_view text) {
  std::vector<std::vector<std::string>> cells;
  for (const CsvLine& line : LinesOf(text)) cells.push_back(line.cells);
  return cells;
}

TEST(CsvReader, SplitsLinesAndCells) {
  EXPECT_THAT(CellsOf("a,b\n1,2\n"), ElementsAre(ElementsAre("a", "b"), ElementsAre("1", "2")));
  EXPECT_THAT(CellsOf("a,,b,\n"), ElementsAre(ElementsAre("a", "", "b", "")));
  EXPECT_THAT(CellsOf(""), IsEmpty());
}

TEST(CsvReader, TakesEitherLineEndAndNoneAtTheEnd) {
  EXPECT_THAT(CellsOf("a,b\r\n1,2"), ElementsAre(ElementsAre("a", "b"), ElementsAre("1", "2")));
}

TEST(CsvReader, TakesCommasQuotesAndLineEndsInQuotes) {
  EXPECT_THAT(CellsOf("\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\"\r\nx\n"),
              ElementsAre(ElementsAre("a,b", "say \"hi\"", "two\nlines"), ElementsAre("x")));
}

TEST(CsvReader, NumbersLinesAsAnEditorDoes) {
  const auto lines = LinesOf("a\n\n\"x\ny\"\nb\n");
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0].number, 1u);
  EXPECT_EQ(lines[1].number, 3u);
  EXPECT_EQ(lines[2].number, 5u);
}

TEST(CsvReader, TakesWhatIsLeftOfABrokenQuote) {
  EXPECT_THAT(CellsOf("a,\"b,c\nd"), ElementsAre(ElementsAre("a", "b,c\nd")));
  EXPECT_THAT(CellsOf("\"a\"b,c\"d\n"), ElementsAre(ElementsAre("ab", "c\"d")));
  EXPECT_THAT(CellsOf("\""), IsEmpty());
}

}  // namespace
}  // namespace loadline::cli
