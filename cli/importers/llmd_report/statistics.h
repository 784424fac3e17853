#pragma once

#include <string>

#include "cli/importers/row_reader.h"

namespace loadline::cli {

/// Reads the four latencies of a report below `base`, each by its own unit; a
/// unit that is none of time is a problem. Decides ITL.
void ReadLlmdLatencies(RowReader& fields, const std::string& base, ItlFrom itl_from, ImportedRow& row);

/// Reads the mean of a throughput; a unit that is none per second is a problem.
void ReadLlmdRate(RowReader& fields, const Field& field, const std::string& metric);

/// Reads requests and their lengths below `base`. The total includes those that
/// failed or did not end.
void ReadLlmdRequests(RowReader& fields, const std::string& base);

}  // namespace loadline::cli
