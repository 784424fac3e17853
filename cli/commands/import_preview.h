#pragma once

#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/importers/importer.h"

namespace loadline::cli {

/// Every row as it would go in: configuration, lengths, load and the main
/// latencies; or what is wrong with it.
void PrintRows(const ImportedReport& report, std::ostream& out);

/// Every number of every row with the field of the report that it comes from.
void PrintSources(const ImportedReport& report, std::ostream& out);

/// The rows with all their numbers under the names of exported summaries, and
/// with sources where they were kept.
nlohmann::ordered_json RowsAsJson(const ImportedReport& report);

}  // namespace loadline::cli
