#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "libs/base/result.h"

namespace loadline::cli {

/// Where the columns of a trace stand that are read: time, input tokens, output
/// tokens.
using TraceColumns = std::array<std::size_t, 3>;

/// The cells of those columns.
using TraceCells = std::array<std::string_view, 3>;

/// What is between the commas of `line`, without white space at the ends.
std::vector<std::string_view> SplitCells(std::string_view line);

/// Where `names` stand in the header `line`, which must have them all; case
/// does not matter.
std::optional<TraceColumns> FindColumns(std::string_view line, const TraceCells& names);

/// The cells of `line` in those columns, of which it must have all.
base::Result<TraceCells> CellsOf(std::string_view line, const TraceColumns& columns);

/// `text` as a number that is finite and not negative. `what` names it in the
/// error.
base::Result<double> ReadAmount(std::string_view text, std::string_view what);

/// A line that is not as it must be.
base::Error MalformedLine(std::string message);

/// A file that cannot be read.
base::Error CannotRead(std::string_view why);

}  // namespace loadline::cli
