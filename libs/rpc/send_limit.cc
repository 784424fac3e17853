#include "libs/rpc/send_limit.h"

#include <grpcpp/server_context.h>

#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

namespace loadline::rpc {
namespace {

using Clock = std::chrono::steady_clock;
using grpc::experimental::InterceptionHookPoints;
using grpc::experimental::InterceptorBatchMethods;
using grpc::experimental::ServerRpcInfo;

// Of the patience, how much a call may have more: it spares each call waking a thread.
constexpr int kChecksPerPatience = 10;

/// The calls that wait for their caller to read, and a thread that looks at
/// them. Thread-safe.
class WaitingCalls {
 public:
  struct Entry {
    Clock::time_point since;
    grpc::ServerContextBase* context;
    bool cancelled = false;
  };
  /// The oldest is the first.
  using Entries = std::list<Entry>;

  explicit WaitingCalls(std::chrono::milliseconds patience) : patience_(patience), thread_([this] { Run(); }) {}

  ~WaitingCalls() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  Entries::iterator Add(grpc::ServerContextBase* context) {
    const std::lock_guard lock(mutex_);
    return entries_.insert(entries_.end(), {.since = Clock::now(), .context = context});
  }

  void Remove(Entries::iterator entry) {
    const std::lock_guard lock(mutex_);
    entries_.erase(entry);
  }

 private:
  void Run() {
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, patience_ / kChecksPerPatience, [this] { return stop_; })) CancelLate();
  }

  // A context lives until its entry is removed, for which the mutex is needed.
  void CancelLate() {
    const auto latest = Clock::now() - patience_;
    for (auto& entry : entries_) {
      if (entry.since > latest) break;
      if (!std::exchange(entry.cancelled, true)) entry.context->TryCancel();
    }
  }

  const std::chrono::milliseconds patience_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Entries entries_;
  bool stop_ = false;
  std::thread thread_;
};

/// Lives as long as its call.
class SendWatch final : public grpc::experimental::Interceptor {
 public:
  SendWatch(ServerRpcInfo* call, std::shared_ptr<WaitingCalls> calls) : call_(call), calls_(std::move(calls)) {}
  ~SendWatch() override { End(); }

  void Intercept(InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_MESSAGE)) Begin();
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::POST_SEND_MESSAGE)) End();
    methods->Proceed();
  }

 private:
  void Begin() {
    const std::lock_guard lock(mutex_);
    if (!entry_) entry_ = calls_->Add(call_->server_context());
  }

  void End() {
    const std::lock_guard lock(mutex_);
    if (entry_) calls_->Remove(*std::exchange(entry_, std::nullopt));
  }

  ServerRpcInfo* const call_;
  const std::shared_ptr<WaitingCalls> calls_;
  std::mutex mutex_;
  std::optional<WaitingCalls::Entries::iterator> entry_;
};

class SendWatches final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  explicit SendWatches(std::chrono::milliseconds patience) : calls_(std::make_shared<WaitingCalls>(patience)) {}

  // Health is served by callbacks: it holds no thread, and its calls may end
  // within `TryCancel`.
  grpc::experimental::Interceptor* CreateServerInterceptor(ServerRpcInfo* info) override {
    const bool is_health = std::string_view(info->method()).starts_with("/grpc.health.");
    return is_health ? nullptr : std::make_unique<SendWatch>(info, calls_).release();
  }

 private:
  std::shared_ptr<WaitingCalls> calls_;
};

}  // namespace

std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> SendLimit(std::chrono::milliseconds patience) {
  return std::make_unique<SendWatches>(patience);
}

}  // namespace loadline::rpc
