#pragma once

#include <grpcpp/server_context.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "libs/rpc/channel.h"
#include "libs/rpc/pipeline.h"
#include "libs/rpc/server.h"
#include "loadline/benchmark/v1/benchmark_service.grpc.pb.h"

/// A real server and client in this process, around a handler of the test.
namespace loadline::testing {

namespace pb = ::loadline::benchmark::v1;

/// Runs `body` for every call, in the usual pipeline.
class OneHandler final : public pb::BenchmarkService::Service {
 public:
  explicit OneHandler(rpc::Stage::Next body) : body_(std::move(body)) {}

  grpc::Status GetBenchmark(grpc::ServerContext* context, const pb::GetBenchmarkRequest*,
                            pb::GetBenchmarkResponse*) override {
    return pipeline_.Run("GetBenchmark", *context, body_);
  }

 private:
  const base::SystemClock clock_;
  const rpc::Pipeline pipeline_ = rpc::MakePipeline(clock_, std::chrono::seconds(30));
  const rpc::Stage::Next body_;
};

class Loopback {
 public:
  explicit Loopback(rpc::Stage::Next body, const rpc::ServerOptions& options = {})
      : handler_(std::move(body)),
        server_(rpc::Server::Start(options, {&handler_}).value()),
        channel_(rpc::MakeChannel(address())),
        stub_(pb::BenchmarkService::NewStub(channel_)) {}

  grpc::Status Call(const std::string& id = {}, std::chrono::milliseconds timeout = std::chrono::seconds(20)) {
    grpc::ClientContext context;
    return Call(context, id, timeout);
  }
  grpc::Status Call(grpc::ClientContext& context, const std::string& id, std::chrono::milliseconds timeout) {
    rpc::SetDeadline(context, timeout);
    pb::GetBenchmarkRequest request;
    request.set_id(id);
    pb::GetBenchmarkResponse response;
    return stub_->GetBenchmark(&context, request, &response);
  }

  rpc::Server& server() { return *server_; }
  std::string address() const { return "127.0.0.1:" + std::to_string(server_->port()); }
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

 private:
  OneHandler handler_;
  std::unique_ptr<rpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<pb::BenchmarkService::Stub> stub_;
};

/// A gate that handlers wait at until the test opens it. Thread-safe.
class Gate {
 public:
  void Open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void Pass() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return open_; });
  }
  /// Returns when `count` handlers have come.
  void AwaitArrivals(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_ >= count; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
  int waiting_ = 0;
};

}  // namespace loadline::testing
