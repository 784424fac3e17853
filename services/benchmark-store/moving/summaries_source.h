#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "services/benchmark-store/app/import_benchmarks.h"
#include "services/benchmark-store/moving/source.h"
#include "services/benchmark-store/moving/summary_table.h"

namespace loadline::store::moving {

/// Makes a row of the cells of `columns`. Those that cannot be read become
/// problems of the row.
using SummaryReader =
    std::function<ImportedRow(const std::vector<std::string>& columns, std::vector<std::optional<std::string>> values)>;

/// The rows of an older table, judged as import does, with GPUs under the names
/// of `names`. It has no catalogue of its own. `table` must outlive it.
std::unique_ptr<Source> OpenSummaries(SummaryTable& table, SummaryReader reader, std::shared_ptr<const Catalog> names);

}  // namespace loadline::store::moving
