#include "cli/importers/csv.h"

#include <algorithm>
#include <utility>

namespace loadline::cli {
namespace {

class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : text_(text) {}

  bool Done() const { return at_ == text_.size(); }

  CsvLine ReadLine() {
    CsvLine line{.number = line_number_, .cells = {}};
    do {
      line.cells.push_back(ReadCell());
    } while (TakeIf(','));
    TakeIf('\r');
    if (TakeIf('\n')) ++line_number_;
    return line;
  }

 private:
  bool TakeIf(char c) {
    const bool taken = !Done() && text_[at_] == c;
    if (taken) ++at_;
    return taken;
  }

  std::string ReadCell() {
    std::string cell = TakeIf('"') ? ReadQuoted() : std::string();
    // What follows a closing quote, or was never quoted, is taken as it is.
    const std::size_t end = std::min(text_.find_first_of(",\n", at_), text_.size());
    std::string_view rest = text_.substr(at_, end - at_);
    if (rest.ends_with('\r')) rest.remove_suffix(1);
    at_ = end;
    return cell.append(rest);
  }

  std::string ReadQuoted() {
    std::string cell;
    while (!Done()) {
      const std::size_t quote = std::min(text_.find('"', at_), text_.size());
      cell += text_.substr(at_, quote - at_);
      at_ = std::min(quote + 1, text_.size());
      if (!TakeIf('"')) break;
      cell += '"';
    }
    line_number_ += static_cast<std::size_t>(std::count(cell.begin(), cell.end(), '\n'));
    return cell;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_number_ = 1;
};

bool IsBlank(const CsvLine& line) { return line.cells.size() == 1 && line.cells.front().empty(); }

}  // namespace

std::vector<CsvLine> ParseCsv(std::string_view text) {
  std::vector<CsvLine> lines;
  for (CsvReader reader(text); !reader.Done();) {
    CsvLine line = reader.ReadLine();
    if (!IsBlank(line)) lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace loadline::cli
