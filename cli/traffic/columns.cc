#include "cli/traffic/columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "libs/domain/text.h"

namespace loadline::cli {

std::vector<std::string_view> SplitCells(std::string_view line) {
  std::vector<std::string_view> cells;
  while (true) {
    const auto comma = line.find(',');
    cells.push_back(domain::Trim(line.substr(0, comma)));
    if (comma == std::string_view::npos) return cells;
    line.remove_prefix(comma + 1);
  }
}

std::optional<TraceColumns> FindColumns(std::string_view line, const TraceCells& names) {
  const auto cells = SplitCells(line);
  TraceColumns columns = {};
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto found = std::find_if(cells.begin(), cells.end(), [&](std::string_view cell) {
      return domain::EqualsIgnoringCase(cell, names.at(i));
    });
    if (found == cells.end()) return std::nullopt;
    columns.at(i) = static_cast<std::size_t>(found - cells.begin());
  }
  return columns;
}

base::Result<TraceCells> CellsOf(std::string_view line, const TraceColumns& columns) {
  const auto cells = SplitCells(line);
  const auto needed = *std::max_element(columns.begin(), columns.end()) + 1;
  if (cells.size() < needed) {
    return base::Fail(MalformedLine(fmt::format("has {} columns; the header has at least {}", cells.size(), needed)));
  }
  return TraceCells{cells[columns[0]], cells[columns[1]], cells[columns[2]]};
}

base::Result<double> ReadAmount(std::string_view text, std::string_view what) {
  double amount = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, amount);
  if (error == std::errc() && stop == end && std::isfinite(amount) && amount >= 0) return amount;
  return base::Fail(MalformedLine(fmt::format("{} {} is no number that is 0 or more", what, domain::Quoted(text))));
}

base::Error MalformedLine(std::string message) {
  return {.code = base::ErrorCode::kInvalidArgument, .reason = "MALFORMED_TRACE", .message = std::move(message)};
}

base::Error CannotRead(std::string_view why) {
  return {.code = base::ErrorCode::kInvalidArgument,
          .reason = "CANNOT_READ",
          .message = fmt::format("cannot be read: {}. Give the path of a trace that you may read.", why)};
}

}  // namespace loadline::cli
