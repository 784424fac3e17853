#pragma once

#include <grpcpp/client_context.h>

#include <mutex>
#include <set>

namespace loadline::planner {

/// The calls that run now, so that they can be ended together. Thread-safe.
class ActiveCalls {
 public:
  /// Lists a call for as long as it lives.
  class Entry {
   public:
    Entry(ActiveCalls& calls, grpc::ClientContext& context) : calls_(calls), context_(context) { calls_.Add(context_); }
    ~Entry() { calls_.Remove(context_); }
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

   private:
    ActiveCalls& calls_;
    grpc::ClientContext& context_;
  };

  /// Cancels all calls, and every later one from its start.
  void CancelAll() {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
    for (auto* context : contexts_) context->TryCancel();
  }

 private:
  void Add(grpc::ClientContext& context) {
    const std::lock_guard lock(mutex_);
    contexts_.insert(&context);
    if (cancelled_) context.TryCancel();
  }
  void Remove(grpc::ClientContext& context) {
    const std::lock_guard lock(mutex_);
    contexts_.erase(&context);
  }

  std::mutex mutex_;
  std::set<grpc::ClientContext*> contexts_;
  bool cancelled_ = false;
};

}  // namespace loadline::planner
