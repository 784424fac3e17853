#include "services/planner/evidence/store_client/change_stream.h"

#include "libs/rpc/deadline.h"

namespace loadline::planner {

ChangeStream::ChangeStream(benchmark::v1::BenchmarkService::StubInterface& stub, grpc::ClientContext& context,
                           const Request& request, std::chrono::milliseconds silence)
    : context_(context), silence_(silence) {
  context_.set_wait_for_ready(true);
  reader_ = stub.PrepareAsyncWatchChanges(&context_, request, &queue_);
  reader_->StartCall(this);
  started_ = Await();
}

ChangeStream::~ChangeStream() {
  queue_.Shutdown();
  void* tag = nullptr;
  bool ok = false;
  while (queue_.Next(&tag, &ok)) continue;
}

bool ChangeStream::Next(Response* message) {
  if (!started_ || silent_) return false;
  reader_->Read(message, this);
  return Await();
}

grpc::Status ChangeStream::Finish() {
  if (!ended_) context_.TryCancel();
  grpc::Status status;
  reader_->Finish(&status, this);
  Await();
  return status;
}

// There is never more than one operation under way.
bool ChangeStream::Await() {
  void* tag = nullptr;
  bool ok = false;
  const auto until = rpc::ToGrpcTime(std::chrono::steady_clock::now() + silence_);
  if (queue_.AsyncNext(&tag, &ok, until) == grpc::CompletionQueue::GOT_EVENT) {
    ended_ = !ok;
    return ok;
  }
  silent_ = true;
  context_.TryCancel();
  queue_.Next(&tag, &ok);
  return false;
}

}  // namespace loadline::planner
