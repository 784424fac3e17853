#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace loadline::cli {

/// One line of a table; quoted cells may span several lines of the file.
struct CsvLine {
  /// Where it starts, from 1.
  std::size_t number = 0;
  std::vector<std::string> cells;
};

/// What divides the cells, and whether double quotes mean anything.
struct CsvStyle {
  char delimiter = ',';
  bool quotes = true;
};

/// Longer lines have no more cells than this: no report has as many columns.
inline constexpr std::size_t kMaxCells = 10'000;

/// Reads separated values line by line, as RFC 4180 has them: cells in double
/// quotes may hold commas, line ends and doubled quotes. Lines may end in CR
/// LF; blank ones are left out. A quote that is never closed ends with the
/// text.
class CsvReader {
 public:
  /// What `text` shows must outlive the reader.
  explicit CsvReader(std::string_view text, CsvStyle style = {}) : text_(text), style_(style) {}

  /// Reads the next line into `line`; false where there is none.
  bool Next(CsvLine& line);

 private:
  CsvLine ReadLine();
  std::string ReadCell();
  std::string ReadQuoted();
  bool TakeIf(char c);

  std::string_view text_;
  CsvStyle style_;
  std::size_t at_ = 0;
  std::size_t line_number_ = 1;
};

}  // namespace loadline::cli
