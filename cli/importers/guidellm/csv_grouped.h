#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace loadline::cli {

/// One line of a GuideLLM CSV from 0.4 on.
struct GuidellmGroupedRow {
  std::size_t line = 0;
  /// The report that the line belongs to, and its benchmark, as the JSON report
  /// of the same versions has them.
  nlohmann::json report = nullptr;
  nlohmann::json benchmark = nullptr;
  /// Why the line cannot be read; then the others are null.
  std::string problem = {};
};

/// True for the first of the three header rows: the groups of columns.
bool IsGuidellmGroupedHeader(std::string_view line);

/// The lines below the header rows. Versions 0.4 to 0.6 took the header of the
/// first benchmark for all: a line of another length is shifted against it, and
/// is refused.
std::vector<GuidellmGroupedRow> ReadGuidellmGroupedCsv(std::string_view text);

}  // namespace loadline::cli
