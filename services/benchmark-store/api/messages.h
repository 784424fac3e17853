#pragma once

#include <optional>
#include <string>

#include "loadline/benchmark/v1/benchmark_service.pb.h"
#include "services/benchmark-store/app/import_benchmarks.h"
#include "services/benchmark-store/app/watch_changes.h"
#include "services/benchmark-store/repository/benchmark_repository.h"

/// The store's own values <-> protobuf; what both services share is in
/// libs/wire.
namespace loadline::store {

namespace pb = ::loadline::benchmark::v1;

void ToProto(const ConfigurationSummary& from, pb::ConfigurationSummary* to);
void ToProto(const FoundModel& from, pb::FoundModel* to);
void ToProto(const QuarantinedRow& from, pb::QuarantinedRow* to);
void ToProto(const Changes& from, pb::WatchChangesResponse* to);
void ToProto(const ImportProgress& from, pb::ImportProgress* to);
void ToProto(const ImportSummary& from, pb::ImportBenchmarksResponse* to);

ImportedRow FromProto(const pb::ImportRow& from);

/// A rate that was asked for; requests/s. Fails with a violation unless it is
/// finite and greater than 0.
base::Result<std::optional<double>> RateFrom(const pb::FindClosestBenchmarkRequest& request);

/// The revision to list, and where to watch from. Both fail with a violation
/// where the revision is negative.
base::Result<domain::Revision> RevisionFrom(const pb::ListBenchmarksRequest& request);
base::Result<WatchPosition> PositionFrom(const pb::WatchChangesRequest& request);

}  // namespace loadline::store
