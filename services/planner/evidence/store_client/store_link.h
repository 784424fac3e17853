#pragma once

#include <grpcpp/channel.h>

#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "loadline/benchmark/v1/benchmark_service.grpc.pb.h"
#include "loadline/catalog/v1/catalog_service.grpc.pb.h"

namespace loadline::planner {

/// What calls of the store go by.
struct StoreStubs {
  explicit StoreStubs(const std::shared_ptr<grpc::Channel>& channel)
      : benchmarks(benchmark::v1::BenchmarkService::NewStub(channel)),
        catalog(catalog::v1::CatalogService::NewStub(channel)) {}

  std::unique_ptr<benchmark::v1::BenchmarkService::Stub> benchmarks;
  std::unique_ptr<catalog::v1::CatalogService::Stub> catalog;
};

/// The store's channel, which can be replaced by a fresh one: gRPC asks for a
/// name that did not resolve after ever longer waits, up to two minutes, and no
/// argument of a channel bounds them. Thread-safe.
class StoreLink {
 public:
  using Dial = std::function<std::shared_ptr<grpc::Channel>()>;

  explicit StoreLink(Dial dial) : dial_(std::move(dial)), stubs_(std::make_shared<const StoreStubs>(dial_())) {}

  /// Calls that hold them go on by the channel that they began with.
  std::shared_ptr<const StoreStubs> stubs() const {
    const std::lock_guard lock(mutex_);
    return stubs_;
  }

  void DialAgain() {
    auto fresh = std::make_shared<const StoreStubs>(dial_());
    const std::lock_guard lock(mutex_);
    stubs_.swap(fresh);
  }

 private:
  const Dial dial_;
  mutable std::mutex mutex_;
  std::shared_ptr<const StoreStubs> stubs_;  // guarded by mutex_
};

}  // namespace loadline::planner
