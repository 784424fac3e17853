#include "cli/traffic/columns.h"
#include "cli/traffic/trace_format.h"

namespace loadline::cli {
namespace {

constexpr TraceCells kColumns = {"Timestamp", "Request tokens", "Response tokens"};

base::Result<TracedRequest> ReadLine(std::string_view line, const TraceColumns& columns) {
  LOADLINE_ASSIGN_OR_RETURN(const auto cells, CellsOf(line, columns));
  TracedRequest request;
  LOADLINE_ASSIGN_OR_RETURN(request.at_s, ReadAmount(cells[0], kColumns[0]));
  LOADLINE_ASSIGN_OR_RETURN(request.input_tokens, ReadAmount(cells[1], kColumns[1]));
  LOADLINE_ASSIGN_OR_RETURN(request.output_tokens, ReadAmount(cells[2], kColumns[2]));
  return request;
}

}  // namespace

LineReader OpenBurstGpt(std::string_view first_line) {
  const auto columns = FindColumns(first_line, kColumns);
  if (!columns) return {};
  return [columns = *columns](std::string_view line) { return ReadLine(line, columns); };
}

}  // namespace loadline::cli
