#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>

#include "cli/traffic/columns.h"
#include "cli/traffic/trace_format.h"
#include "libs/domain/text.h"
#include "libs/json/timestamp.h"

namespace loadline::cli {
namespace {

constexpr TraceCells kColumns = {"TIMESTAMP", "ContextTokens", "GeneratedTokens"};
constexpr std::string_view kDigits = "0123456789";

// Seconds since 1970 of "2023-11-16 18:17:03.9799600+00:00". The fraction, of
// any number of digits, is read apart from the rest: gaps between requests are
// often shorter than a millisecond.
base::Result<double> ReadTime(std::string_view text) {
  const auto point = std::min(text.find('.'), text.size());
  const auto rest = text.substr(std::min(point + 1, text.size()));
  const auto fraction = rest.substr(0, rest.find_first_not_of(kDigits));
  const auto offset = rest.substr(fraction.size());
  const auto time = json::ParseTimestamp(std::string(text.substr(0, point)).append(offset));
  if (!time) {
    return base::Fail(
        MalformedLine(fmt::format("time {} is not written as 2023-11-16 18:17:03.97", domain::Quoted(text))));
  }
  LOADLINE_ASSIGN_OR_RETURN(const double part, ReadAmount("0." + std::string(fraction) + "0", "time"));
  return std::chrono::duration<double>(time->time_since_epoch()).count() + part;
}

base::Result<TracedRequest> ReadLine(std::string_view line, const TraceColumns& columns) {
  LOADLINE_ASSIGN_OR_RETURN(const auto cells, CellsOf(line, columns));
  LOADLINE_ASSIGN_OR_RETURN(const double at, ReadTime(cells[0]));
  LOADLINE_ASSIGN_OR_RETURN(const double input, ReadAmount(cells[1], kColumns[1]));
  LOADLINE_ASSIGN_OR_RETURN(const double output, ReadAmount(cells[2], kColumns[2]));
  return TracedRequest{.at_s = at, .input_tokens = input, .output_tokens = output};
}

}  // namespace

LineReader OpenAzure(std::string_view first_line) {
  const auto columns = FindColumns(first_line, kColumns);
  if (!columns) return {};
  return [columns = *columns](std::string_view line) { return ReadLine(line, columns); };
}

}  // namespace loadline::cli
