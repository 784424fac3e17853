#pragma once

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include "cli/client/import_plan.h"
#include "loadline/benchmark/v1/benchmark_service.grpc.pb.h"

namespace loadline::cli {

/// Rows in one message of an import.
inline constexpr std::size_t kRowsPerMessage = 500;

/// Imports with the store's own progress. `UNIMPLEMENTED` where the store is
/// older than that.
grpc::Status ImportWithProgress(benchmark_api::BenchmarkService::Stub& stub, grpc::ClientContext& context,
                                const ImportPlan& plan, benchmark_api::ImportBenchmarksResponse* result);

/// Imports; progress is what was sent.
grpc::Status ImportWithoutProgress(benchmark_api::BenchmarkService::Stub& stub, grpc::ClientContext& context,
                                   const ImportPlan& plan, benchmark_api::ImportBenchmarksResponse* result);

}  // namespace loadline::cli
