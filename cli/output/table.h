#pragma once

#include <cstddef>
#include <ostream>
#include <string>
#include <vector>

namespace loadline::cli {

enum class Align { kLeft, kRight };

struct Column {
  /// May hold line breaks. Where all headers are empty, none is printed.
  std::string header = {};
  Align align = Align::kLeft;
  /// Where the table is too wide, this column is wrapped.
  bool wraps = false;
};

/// A table made for people. Cells may hold line breaks. A row with one cell in
/// a table of several columns is a heading that spans the table.
struct Table {
  static constexpr std::size_t kMaxWidth = 120;

  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;
};

/// Writes `table`, columns aligned and two spaces apart, at most `max_width`
/// columns wide as far as wrapping allows. Lines have no trailing spaces. Text
/// is made `Printable`.
void Print(const Table& table, std::ostream& out, std::size_t max_width = Table::kMaxWidth);

}  // namespace loadline::cli
