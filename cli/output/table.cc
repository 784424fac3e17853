#include "cli/output/table.h"

#include <algorithm>
#include <numeric>

#include "cli/output/text.h"

namespace loadline::cli {
namespace {

constexpr std::size_t kGap = 2;
// A wrapped column never gets narrower than this.
constexpr std::size_t kNarrowest = 14;

using Lines = std::vector<std::string>;
using Widths = std::vector<std::size_t>;

std::size_t WidestLine(const std::string& cell) {
  std::size_t widest = 0;
  for (const auto& line : SplitLines(cell)) widest = std::max(widest, DisplayWidth(line));
  return widest;
}

bool IsHeading(const Table& table, const std::vector<std::string>& row) {
  return row.size() == 1 && table.columns.size() > 1;
}

Widths NaturalWidths(const Table& table) {
  Widths widths;
  for (const auto& column : table.columns) widths.push_back(WidestLine(column.header));
  for (const auto& row : table.rows) {
    if (IsHeading(table, row)) continue;
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], WidestLine(row[i]));
  }
  return widths;
}

std::size_t TotalWidth(const Widths& widths) {
  return std::accumulate(widths.begin(), widths.end(), std::size_t{0}) + kGap * (widths.size() - 1);
}

// The widest column that may still be wrapped, or null.
std::size_t* WidestWrapping(const Table& table, Widths& widths) {
  std::size_t* widest = nullptr;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    if (!table.columns[i].wraps || widths[i] <= kNarrowest) continue;
    if (widest == nullptr || widths[i] > *widest) widest = &widths[i];
  }
  return widest;
}

Widths FittingWidths(const Table& table, std::size_t max_width) {
  Widths widths = NaturalWidths(table);
  while (TotalWidth(widths) > max_width) {
    std::size_t* widest = WidestWrapping(table, widths);
    if (widest == nullptr) break;
    --*widest;
  }
  return widths;
}

Lines CellLines(const std::string& cell, std::size_t width) {
  Lines lines;
  for (const auto& line : SplitLines(cell)) {
    for (auto& piece : Wrap(line, std::max(width, std::size_t{2}))) lines.push_back(std::move(piece));
  }
  return lines;
}

std::string Padded(const std::string& text, std::size_t width, Align align) {
  const std::size_t used = DisplayWidth(text);
  const std::string padding(width > used ? width - used : 0, ' ');
  return align == Align::kLeft ? text + padding : padding + text;
}

void PrintTrimmed(std::string line, std::ostream& out) {
  const auto last = line.find_last_not_of(' ');
  line.resize(last == std::string::npos ? 0 : last + 1);
  out << line << '\n';
}

// Prints cells side by side. Short ones are filled up at the end or, for
// headers, at the start.
void PrintCells(const Table& table, const Widths& widths, std::vector<Lines> cells, bool fill_start,
                std::ostream& out) {
  std::size_t height = 1;
  for (const auto& cell : cells) height = std::max(height, cell.size());
  for (auto& cell : cells) cell.insert(fill_start ? cell.begin() : cell.end(), height - cell.size(), "");
  for (std::size_t line = 0; line < height; ++line) {
    std::string text;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) text.append(kGap, ' ');
      text += Padded(cells[i][line], widths[i], table.columns[i].align);
    }
    PrintTrimmed(std::move(text), out);
  }
}

void PrintHeader(const Table& table, const Widths& widths, std::ostream& out) {
  std::vector<Lines> titles;
  std::vector<Lines> rules;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    titles.push_back(CellLines(table.columns[i].header, widths[i]));
    rules.push_back({std::string(widths[i], '-')});
  }
  PrintCells(table, widths, std::move(titles), true, out);
  PrintCells(table, widths, std::move(rules), true, out);
}

void PrintRow(const Table& table, const Widths& widths, const std::vector<std::string>& row, std::ostream& out) {
  std::vector<Lines> cells;
  for (std::size_t i = 0; i < row.size(); ++i) cells.push_back(CellLines(row[i], widths[i]));
  PrintCells(table, widths, std::move(cells), false, out);
}

Table Safe(Table table) {
  for (auto& row : table.rows) {
    for (auto& cell : row) cell = Printable(cell);
  }
  return table;
}

bool HasHeader(const Table& table) {
  return std::any_of(table.columns.begin(), table.columns.end(), [](const Column& c) { return !c.header.empty(); });
}

}  // namespace

void Print(const Table& table, std::ostream& out, std::size_t max_width) {
  const Table safe = Safe(table);
  const Widths widths = FittingWidths(safe, max_width);
  if (HasHeader(safe)) PrintHeader(safe, widths, out);
  for (const auto& row : safe.rows) {
    if (IsHeading(safe, row)) {
      for (const auto& line : CellLines(row.front(), max_width)) PrintTrimmed(line, out);
    } else {
      PrintRow(safe, widths, row, out);
    }
  }
}

}  // namespace loadline::cli
