#pragma once

#include <cstdint>
#include <functional>

#include "services/benchmark-store/moving/checkpoint.h"
#include "services/benchmark-store/moving/source.h"

namespace loadline::store::moving {

/// Is told how many rows are done.
using OnProgress = std::function<void(std::int64_t rows)>;

/// Copies what follows the checkpoint into `destination`, committing about
/// every `batch_rows` rows. Takes the memory of one page.
base::Status Copy(Source& source, BenchmarkRepository& destination, Checkpoint& checkpoint, std::int64_t batch_rows,
                  const OnProgress& on_progress);

}  // namespace loadline::store::moving
