#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "libs/rpc/pipeline.h"
#include "loadline/benchmark/v1/benchmark_service.grpc.pb.h"
#include "services/benchmark-store/api/import_counts.h"
#include "services/benchmark-store/api/watcher_limit.h"
#include "services/benchmark-store/app/import_benchmarks.h"
#include "services/benchmark-store/app/repositories.h"

namespace loadline::store {

/// The pipelines of calls that may take different times.
struct Pipelines {
  const rpc::Pipeline& calls;
  const rpc::Pipeline& imports;
  const rpc::Pipeline& watches;
};

struct BenchmarkHandlerOptions {
  int max_watchers = 32;
  std::int64_t max_import_rows = 2'000'000;
  std::chrono::milliseconds heartbeat = std::chrono::seconds(1);
  /// A watch then ends well, and watchers watch again: on another connection, if
  /// theirs has become too old.
  std::chrono::milliseconds longest_watch = std::chrono::minutes(30);
};

/// Serves loadline.benchmark.v1.BenchmarkService. Thread-safe.
class BenchmarkHandler final : public benchmark::v1::BenchmarkService::Service {
 public:
  BenchmarkHandler(const Repositories& repositories, const Pipelines& pipelines, const BenchmarkHandlerOptions& options)
      : repositories_(repositories), pipelines_(pipelines), options_(options), watchers_(options.max_watchers) {}

  /// Ends all watches, now and later: they answer `UNAVAILABLE`, so that
  /// watchers turn to another store.
  void StopWatches() { stopping_ = true; }

  ImportTotals imports() const { return imports_.totals(); }
  const WatcherLimit& watchers() const { return watchers_; }

  grpc::Status ListBenchmarks(grpc::ServerContext* context, const benchmark::v1::ListBenchmarksRequest* request,
                              benchmark::v1::ListBenchmarksResponse* response) override;
  grpc::Status GetBenchmark(grpc::ServerContext* context, const benchmark::v1::GetBenchmarkRequest* request,
                            benchmark::v1::GetBenchmarkResponse* response) override;
  grpc::Status ListConfigurations(grpc::ServerContext* context, const benchmark::v1::ListConfigurationsRequest* request,
                                  benchmark::v1::ListConfigurationsResponse* response) override;
  grpc::Status FindClosestBenchmark(grpc::ServerContext* context,
                                    const benchmark::v1::FindClosestBenchmarkRequest* request,
                                    benchmark::v1::FindClosestBenchmarkResponse* response) override;
  grpc::Status SearchModels(grpc::ServerContext* context, const benchmark::v1::SearchModelsRequest* request,
                            benchmark::v1::SearchModelsResponse* response) override;
  grpc::Status ImportBenchmarks(grpc::ServerContext* context,
                                grpc::ServerReader<benchmark::v1::ImportBenchmarksRequest>* reader,
                                benchmark::v1::ImportBenchmarksResponse* response) override;
  grpc::Status ImportWithProgress(grpc::ServerContext* context,
                                  grpc::ServerReaderWriter<benchmark::v1::ImportWithProgressResponse,
                                                           benchmark::v1::ImportWithProgressRequest>* stream) override;
  grpc::Status ListQuarantined(grpc::ServerContext* context, const benchmark::v1::ListQuarantinedRequest* request,
                               benchmark::v1::ListQuarantinedResponse* response) override;
  grpc::Status WatchChanges(grpc::ServerContext* context, const benchmark::v1::WatchChangesRequest* request,
                            grpc::ServerWriter<benchmark::v1::WatchChangesResponse>* writer) override;

 private:
  // Counts it too.
  template <typename Request, typename Stream>
  base::Result<ImportSummary> Receive(Stream& stream, const CallScope& scope, const OnImportProgress& on_progress);

  const Repositories repositories_;
  const Pipelines pipelines_;
  const BenchmarkHandlerOptions options_;
  WatcherLimit watchers_;
  ImportCounts imports_;
  std::atomic<bool> stopping_ = false;
};

}  // namespace loadline::store
