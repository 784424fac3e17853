#pragma once

#include <grpcpp/channel.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "libs/base/result.h"
#include "libs/domain/benchmark.h"
#include "libs/testing/health.h"
#include "loadline/benchmark/v1/benchmark_service.grpc.pb.h"

namespace loadline::testing {

/// A client of one benchmark-store; errors come with their details. Thread-safe.
class StoreClient {
 public:
  using Timeout = std::chrono::milliseconds;
  static constexpr Timeout kPatience{20'000};

  /// Reaches `host:port` over a connection of its own.
  explicit StoreClient(const std::string& address);

  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  Health health() const { return HealthOf(channel_, "loadline.benchmark.v1.BenchmarkService"); }

  base::Result<benchmark::v1::ImportBenchmarksResponse> Import(const std::vector<domain::Benchmark>& rows,
                                                               Timeout timeout = kPatience) const;
  /// The ids of all benchmarks as of a revision (0: the newest).
  base::Result<std::set<std::string>> Ids(std::int64_t revision = 0) const;
  /// The benchmark nearest to (512, 256) of a model.
  base::Result<benchmark::v1::FindClosestBenchmarkResponse> FindClosest(const std::string& model,
                                                                        Timeout timeout = kPatience) const;

 private:
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<benchmark::v1::BenchmarkService::Stub> stub_;
};

/// An import that is sent but for its last word.
class OpenImport {
 public:
  OpenImport(const StoreClient& store, const std::vector<domain::Benchmark>& rows,
             std::chrono::milliseconds timeout = StoreClient::kPatience);
  /// Says that these were all rows, and does not wait for the answer.
  void Commit();
  base::Result<benchmark::v1::ImportBenchmarksResponse> Finish();

 private:
  std::unique_ptr<benchmark::v1::BenchmarkService::Stub> stub_;
  grpc::ClientContext context_;
  benchmark::v1::ImportBenchmarksResponse answer_;
  std::unique_ptr<grpc::ClientWriter<benchmark::v1::ImportBenchmarksRequest>> stream_;
  std::int64_t row_count_ = 0;
};

/// `count` benchmarks of one curve, all different.
std::vector<domain::Benchmark> ManyBenchmarks(const std::string& model, int count);

/// Their ids.
std::set<std::string> IdsOf(const std::vector<domain::Benchmark>& benchmarks);

}  // namespace loadline::testing
