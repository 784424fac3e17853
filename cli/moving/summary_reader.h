#pragma once

#include <optional>
#include <string>
#include <vector>

#include "services/benchmark-store/moving/summaries_source.h"

namespace loadline::cli {

/// Reads a row of the table `exported_summaries` as the importer of its dumps
/// does, so that both ways lead to the same benchmarks. See
/// store::moving::SummaryReader.
store::ImportedRow ReadSummaryRow(const std::vector<std::string>& columns,
                                  std::vector<std::optional<std::string>> values);

}  // namespace loadline::cli
