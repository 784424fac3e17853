#include "cli/output/table.h"

#include <gtest/gtest.h>

#include <sstream>

#include "cli/output/text.h"

namespace loadline::cli {
namespace {

std::string Printed(const Table& table, std::size_t width = Table::kMaxWidth) {
  std::ostringstream out;
  Print(table, out, width);
  return out.str();
}

TEST(Table, AlignsColumnsByDisplayWidth) {
  EXPECT_EQ(Printed({.columns = {{"Name"}, {"Rate\nreq/s", Align::kRight}}, .rows = {{"日本", "≥ 1"}, {"a", "1,000"}}}),
            "       Rate\n"
            "Name  req/s\n"
            "----  -----\n"
            "日本    ≥ 1\n"
            "a     1,000\n");
}

TEST(Table, HasNoHeaderWhereNoColumnHasOne) {
  EXPECT_EQ(Printed({.columns = {{}, {}}, .rows = {{"Id", "b-1"}, {"Source", "x"}}}),
            "Id      b-1\n"
            "Source  x\n");
}

TEST(Table, WrapsTheWidestWrappingColumnToFit) {
  const Table table = {.columns = {{"Id"}, {"Text", Align::kLeft, true}, {"N", Align::kRight}},
                       .rows = {{"1", "some words that do not fit", "7"}}};
  EXPECT_EQ(Printed(table, 22),
            "Id  Text             N\n"
            "--  ---------------  -\n"
            "1   some words that  7\n"
            "    do not fit\n");
}

TEST(Table, AHeadingSpansTheTable) {
  EXPECT_EQ(Printed({.columns = {{"A"}, {"B"}}, .rows = {{"a heading that is long"}, {"1", "2"}}}),
            "A  B\n"
            "-  -\n"
            "a heading that is long\n"
            "1  2\n");
}

TEST(Table, CellsOfSeveralLinesStandBesideEachOther) {
  EXPECT_EQ(Printed({.columns = {{"A"}, {"B"}}, .rows = {{"one\ntwo", "x"}, {"y", "z"}}}),
            "A    B\n"
            "---  -\n"
            "one  x\n"
            "two\n"
            "y    z\n");
}

TEST(Table, DisarmsTerminalControlInCells) {
  EXPECT_EQ(Printed({.columns = {{"A"}, {"B"}}, .rows = {{"\x1b[2J", "x"}}}),
            "A     B\n"
            "----  -\n"
            "?[2J  x\n");
}

TEST(Table, NeverExceedsItsWidthWhileColumnsCanWrap) {
  const std::string text(200, 'x');
  const Table table = {.columns = {{"A", Align::kLeft, true}, {"B", Align::kRight, true}, {"C"}},
                       .rows = {{text, text, "fixed"}}};
  for (std::size_t width = 40; width <= 120; ++width) {
    for (const auto& line : SplitLines(Printed(table, width))) EXPECT_LE(DisplayWidth(line), width);
  }
}

}  // namespace
}  // namespace loadline::cli
