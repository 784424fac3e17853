#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "libs/rpc/channel.h"
#include "libs/rpc/server.h"
#include "libs/rpc/status.h"
#include "libs/wire/benchmark_wire.h"
#include "loadline/benchmark/v1/benchmark_service.grpc.pb.h"
#include "loadline/catalog/v1/catalog_service.grpc.pb.h"
#include "services/benchmark-store/api/benchmark_handler.h"
#include "services/benchmark-store/api/catalog_handler.h"
#include "tests/conformance/sample.h"
#include "tests/unit/services/benchmark-store/store_folder.h"

namespace loadline::store {

/// Both services in this process on a free port, with a client for each.
class RunningStore {
 public:
  static constexpr std::chrono::seconds kPatience{30};

  explicit RunningStore(const BenchmarkHandlerOptions& options = {.heartbeat = std::chrono::milliseconds(5)},
                        std::chrono::milliseconds max_import = kPatience)
      : imports_(rpc::MakePipeline(clock_, max_import)),
        handler_(storage.repositories, {.calls = calls_, .imports = imports_, .watches = watches_}, options) {}
  ~RunningStore() { Stop(); }

  /// Stops as the service does, and returns how long that took.
  std::chrono::milliseconds Stop() {
    const auto start = std::chrono::steady_clock::now();
    handler_.StopWatches();
    server_->Stop(kPatience);
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
  }

  /// Calls `Stub::method` and returns its error, or nullopt for OK.
  template <typename Stub, typename Request, typename Response>
  static std::optional<base::Error> Call(Stub& stub,
                                         grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                                         const Request& request, Response* response) {
    grpc::ClientContext context;
    rpc::SetDeadline(context, kPatience);
    const auto status = (stub.*method)(&context, request, response);
    return status.ok() ? std::nullopt : std::optional(rpc::FromGrpcStatus(status));
  }

  /// Sends messages and ends the stream.
  base::Result<benchmark::v1::ImportBenchmarksResponse> Send(
      const std::vector<benchmark::v1::ImportBenchmarksRequest>& messages) const {
    grpc::ClientContext context;
    rpc::SetDeadline(context, kPatience);
    benchmark::v1::ImportBenchmarksResponse response;
    const auto writer = benchmarks->ImportBenchmarks(&context, &response);
    for (const auto& message : messages) {
      if (!writer->Write(message)) break;
    }
    writer->WritesDone();
    const auto status = writer->Finish();
    if (!status.ok()) return base::Fail(rpc::FromGrpcStatus(status));
    return response;
  }

  /// What an import told; the result is its last part, where it had one.
  struct ToldImport {
    std::vector<benchmark::v1::ImportProgress> progress;
    base::Result<benchmark::v1::ImportBenchmarksResponse> result;
  };

  /// Sends messages with progress, and reads only when all are sent.
  ToldImport SendAndBeTold(const std::vector<benchmark::v1::ImportBenchmarksRequest>& messages) const {
    grpc::ClientContext context;
    rpc::SetDeadline(context, kPatience);
    const auto stream = benchmarks->ImportWithProgress(&context);
    for (const auto& message : messages) {
      benchmark::v1::ImportWithProgressRequest same;
      same.ParseFromString(message.SerializeAsString());
      if (!stream->Write(same)) break;
    }
    stream->WritesDone();
    ToldImport told;
    benchmark::v1::ImportWithProgressResponse response;
    while (stream->Read(&response)) {
      if (response.has_progress()) told.progress.push_back(response.progress());
    }
    const auto status = stream->Finish();
    if (status.ok()) {
      told.result = response.result();
    } else {
      told.result = base::Fail(rpc::FromGrpcStatus(status));
    }
    return told;
  }

  static benchmark::v1::ImportBenchmarksRequest Rows(const std::vector<domain::Measurement>& rows) {
    benchmark::v1::ImportBenchmarksRequest message;
    message.mutable_rows();
    for (const auto& row : rows) {
      auto* added = message.mutable_rows()->add_rows();
      wire::ToProto(row, added->mutable_benchmark());
      added->set_location("line 1");
    }
    return message;
  }

  static benchmark::v1::ImportBenchmarksRequest Commit(std::int64_t row_count, bool validate_only = false) {
    benchmark::v1::ImportBenchmarksRequest message;
    message.mutable_commit()->set_row_count(row_count);
    message.mutable_commit()->set_validate_only(validate_only);
    return message;
  }

  benchmark::v1::ImportBenchmarksResponse Import(const std::vector<SampleOptions>& rows) const {
    std::vector<domain::Measurement> measurements;
    measurements.reserve(rows.size());
    for (const auto& row : rows) measurements.push_back(Sample(row));
    return Send({Rows(measurements), Commit(std::ssize(rows))}).value();
  }

  StoreOnDisk storage;

 private:
  const base::SystemClock clock_;
  const rpc::Pipeline calls_ = rpc::MakePipeline(clock_, kPatience);
  const rpc::Pipeline watches_ = rpc::MakePipeline(clock_, std::chrono::milliseconds(0));
  const rpc::Pipeline imports_;
  BenchmarkHandler handler_;
  CatalogHandler catalog_handler_{storage.repositories, calls_};
  std::unique_ptr<rpc::Server> server_ = rpc::Server::Start({}, {&handler_, &catalog_handler_}).value();
  std::shared_ptr<grpc::Channel> channel_ = rpc::MakeChannel("127.0.0.1:" + std::to_string(server_->port()));

 public:
  const std::unique_ptr<benchmark::v1::BenchmarkService::Stub> benchmarks =
      benchmark::v1::BenchmarkService::NewStub(channel_);
  const std::unique_ptr<catalog::v1::CatalogService::Stub> catalog = catalog::v1::CatalogService::NewStub(channel_);
};

}  // namespace loadline::store
