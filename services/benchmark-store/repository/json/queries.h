#pragma once

#include <optional>
#include <string>
#include <vector>

#include "services/benchmark-store/repository/json/snapshot.h"

/// What BenchmarkRepository answers, computed from one snapshot.
namespace loadline::store::json {

/// The revision that `page` is read at. Fails with `kInvalidArgument` where that
/// is in the future.
base::Result<domain::Revision> RevisionFor(const PageRequest& page, const Snapshot& snapshot);

base::Result<Page<domain::Benchmark>> ListBenchmarks(const Snapshot& snapshot, const domain::BenchmarkFilter& filter,
                                                     const PageRequest& page);
base::Result<Page<ConfigurationSummary>> ListConfigurations(const Snapshot& snapshot,
                                                            const domain::BenchmarkFilter& filter,
                                                            const PageRequest& page);
base::Result<Page<QuarantinedRow>> ListQuarantined(const Snapshot& snapshot, const PageRequest& page);
base::Result<ClosestBenchmark> FindClosest(const Snapshot& snapshot, const domain::BenchmarkFilter& filter,
                                           const domain::TrafficShape& asked, std::optional<double> rate);
std::vector<domain::Model> ListModels(const Snapshot& snapshot);

}  // namespace loadline::store::json
