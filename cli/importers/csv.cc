#include "cli/importers/csv.h"

#include <algorithm>
#include <array>
#include <utility>

namespace loadline::cli {
namespace {

bool IsBlank(const CsvLine& line) { return line.cells.size() == 1 && line.cells.front().empty(); }

}  // namespace

bool CsvReader::Next(CsvLine& line) {
  while (at_ < text_.size()) {
    line = ReadLine();
    if (!IsBlank(line)) return true;
  }
  return false;
}

CsvLine CsvReader::ReadLine() {
  CsvLine line{.number = line_number_, .cells = {}};
  do {
    std::string cell = ReadCell();
    if (line.cells.size() < kMaxCells) line.cells.push_back(std::move(cell));
  } while (TakeIf(style_.delimiter));
  TakeIf('\r');
  if (TakeIf('\n')) ++line_number_;
  return line;
}

bool CsvReader::TakeIf(char c) {
  const bool taken = at_ < text_.size() && text_[at_] == c;
  if (taken) ++at_;
  return taken;
}

std::string CsvReader::ReadCell() {
  std::string cell = style_.quotes && TakeIf('"') ? ReadQuoted() : std::string();
  // What follows a closing quote, or was never quoted, is taken as it is.
  const std::array<char, 2> ends = {style_.delimiter, '\n'};
  const std::size_t end = std::min(text_.find_first_of(ends.data(), at_, ends.size()), text_.size());
  std::string_view rest = text_.substr(at_, end - at_);
  if (rest.ends_with('\r')) rest.remove_suffix(1);
  at_ = end;
  return cell.append(rest);
}

std::string CsvReader::ReadQuoted() {
  std::string cell;
  while (at_ < text_.size()) {
    const std::size_t quote = std::min(text_.find('"', at_), text_.size());
    cell += text_.substr(at_, quote - at_);
    at_ = std::min(quote + 1, text_.size());
    if (!TakeIf('"')) break;
    cell += '"';
  }
  line_number_ += static_cast<std::size_t>(std::count(cell.begin(), cell.end(), '\n'));
  return cell;
}

}  // namespace loadline::cli
