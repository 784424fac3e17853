#pragma once

#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>

#include <chrono>
#include <memory>

#include "loadline/benchmark/v1/benchmark_service.grpc.pb.h"

namespace loadline::planner {

/// One WatchChanges stream whose silence counts as its end: a blocking read
/// would wait for ever for a store that hangs. Not thread-safe.
class ChangeStream {
 public:
  using Request = benchmark::v1::WatchChangesRequest;
  using Response = benchmark::v1::WatchChangesResponse;

  /// Waits for the store to come up, as long as for a message.
  ChangeStream(benchmark::v1::BenchmarkService::StubInterface& stub, grpc::ClientContext& context,
               const Request& request, std::chrono::milliseconds silence);
  ~ChangeStream();
  ChangeStream(const ChangeStream&) = delete;
  ChangeStream& operator=(const ChangeStream&) = delete;

  /// Waits for the next message. False when the stream ended or fell silent.
  bool Next(Response* message);
  /// Why it ended, as the store said where it was the store that ended it; else
  /// it is cancelled now. Call once, last.
  grpc::Status Finish();
  bool silent() const { return silent_; }
  /// The call went out: there was a connection.
  bool started() const { return started_; }

 private:
  bool Await();

  grpc::ClientContext& context_;
  const std::chrono::milliseconds silence_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::ClientAsyncReaderInterface<Response>> reader_;
  bool started_ = false;
  bool silent_ = false;
  bool ended_ = false;
};

}  // namespace loadline::planner
