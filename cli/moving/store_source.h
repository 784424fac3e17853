#pragma once

#include <memory>

#include "cli/client/store_client.h"
#include "services/benchmark-store/moving/source.h"

namespace loadline::cli {

/// What a running store holds, over gRPC: benchmarks and quarantine, as they
/// are at the first page of each, and the catalogue. `store` must outlive it.
base::Result<std::unique_ptr<store::moving::Source>> OpenStore(const StoreClient& store);

}  // namespace loadline::cli
