#pragma once

#include <vector>

#include "services/benchmark-store/moving/copy.h"
#include "services/benchmark-store/moving/table_comparison.h"

namespace loadline::store::moving {

/// Reads all of both sides again and compares what `source` has with what
/// `destination` has of it, table by table: benchmarks, quarantine, hardware,
/// models, use_cases. What the destination has besides does not count. With
/// `merges`, nor does what is no part of a benchmark's identity, such as the
/// name of its report: where a row was there already, that stayed.
base::Result<std::vector<TableVerdict>> Verify(Source& source, Source& destination, bool merges,
                                               const OnProgress& on_progress);

}  // namespace loadline::store::moving
