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

/// Reads comma-separated values as RFC 4180 has them: cells in double quotes
/// may hold commas, line ends and doubled quotes. Lines may end in CR LF; blank
/// ones are left out. A quote that is never closed ends with the text.
std::vector<CsvLine> ParseCsv(std::string_view text);

}  // namespace loadline::cli
