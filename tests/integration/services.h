#pragma once

#include <grpcpp/channel.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "libs/domain/benchmark.h"
#include "libs/testing/health.h"
#include "libs/testing/process.h"
#include "libs/testing/temp_dir.h"
#include "loadline/benchmark/v1/benchmark_service.grpc.pb.h"
#include "loadline/catalog/v1/catalog_service.grpc.pb.h"
#include "loadline/planner/v1/planner_service.grpc.pb.h"

namespace loadline::testing {

using Environment = std::map<std::string, std::string>;

/// The product's catalogue and no benchmarks, in a folder of their own.
class StoreData {
 public:
  StoreData();
  Environment environment() const;

 private:
  TempDir folder_;
};

/// A running benchmark-store.
class StoreProcess {
 public:
  /// Port 0 picks a free one.
  explicit StoreProcess(const StoreData& data, int port = 0) : StoreProcess(data.environment(), port) {}
  explicit StoreProcess(Environment environment, int port = 0);

  Process& process() { return *process_; }
  /// Stops all its threads, as if it hung, until `Thaw`.
  void Freeze();
  void Thaw();
  int port() const { return port_; }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  /// Imports the benchmarks and returns the revision afterwards.
  std::int64_t Import(const std::vector<domain::Benchmark>& benchmarks);

 private:
  std::unique_ptr<Process> process_;
  int port_ = 0;
  std::shared_ptr<grpc::Channel> channel_;
};

/// A running planner, and a client of it.
class PlannerProcess {
 public:
  struct Answer {
    grpc::Status status;
    planner::v1::PlanCapacityResponse response;
    std::chrono::milliseconds took{0};
  };

  explicit PlannerProcess(const std::string& store_address, Environment extra = {});

  Process& process() { return *process_; }
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  planner::v1::PlannerService::Stub& stub() { return *stub_; }
  Health health() const { return HealthOf(channel_, "loadline.planner.v1.PlannerService"); }
  bool AwaitHealth(Health wanted) const;
  Answer Plan(const planner::v1::PlanCapacityRequest& request,
              std::chrono::milliseconds timeout = std::chrono::seconds(10));

 private:
  std::unique_ptr<Process> process_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<planner::v1::PlannerService::Stub> stub_;
};

/// 10 requests/s of (512, 256) within ttft:p95<500ms;itl:p95<40ms, with
/// `models` (all if empty).
planner::v1::PlanCapacityRequest PlanRequest(const std::vector<std::string>& models = {});

/// A load curve of three points; the larger `speed`, the more it carries.
std::vector<domain::Benchmark> CurveOf(const std::string& model, double speed = 1,
                                       const std::string& hardware = "H100");

}  // namespace loadline::testing
