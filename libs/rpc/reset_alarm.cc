#include "libs/rpc/reset_alarm.h"

#include <grpcpp/server.h>
#include <grpcpp/server_context.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <utility>

namespace loadline::rpc {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kWindow(1);

// Calls whose time was up do not count: where we are slow, all callers have some.
bool WasTakenBack(const grpc::ServerContextBase& call) {
  return call.IsCancelled() && std::chrono::system_clock::now() < call.deadline();
}

/// Counts the cancelled calls of a server by the second. Thread-safe.
class Counter {
 public:
  Counter(int most, std::function<void()> alarm) : most_(most), alarm_(std::move(alarm)) {}

  void Ended(const grpc::ServerContextBase& call) {
    if (WasTakenBack(call) && IsOneTooMany()) alarm_();
  }

 private:
  bool IsOneTooMany() {
    const std::lock_guard lock(mutex_);
    if (const auto now = Clock::now(); now - begun_ >= kWindow) {
      begun_ = now;
      count_ = 0;
    }
    return ++count_ % most_ == 0;
  }

  const int most_;
  const std::function<void()> alarm_;
  std::mutex mutex_;
  Clock::time_point begun_ = {};
  int count_ = 0;
};

// A synchronous call must not be asked within an interceptor whether it was
// cancelled, and often does not know before its answer was handed to the
// connection. So it is asked after that, by its thread, which has noted at the
// call's beginning whose it is.
thread_local Counter* of_this_thread = nullptr;

class AfterEachSynchronousCall final : public grpc::Server::GlobalCallbacks {
 public:
  void PreSynchronousRequest(grpc::ServerContext*) override {}
  void PostSynchronousRequest(grpc::ServerContext* call) override {
    // Servers of tests may have no alarm.
    if (of_this_thread != nullptr) of_this_thread->Ended(*call);
  }
};

// Health, and calls of methods that we do not have.
class AfterCallbackCall final : public grpc::experimental::Interceptor {
 public:
  AfterCallbackCall(const grpc::ServerContextBase& call, Counter& counter) : call_(call), counter_(counter) {}

  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(grpc::experimental::InterceptionHookPoints::POST_RECV_CLOSE)) {
      counter_.Ended(call_);
    }
    methods->Proceed();
  }

 private:
  const grpc::ServerContextBase& call_;
  Counter& counter_;
};

class Watches final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  Watches(int most, std::function<void()> alarm) : counter_(most, std::move(alarm)) {}

  grpc::experimental::Interceptor* CreateServerInterceptor(grpc::experimental::ServerRpcInfo* info) override {
    of_this_thread = &counter_;
    const auto* call = dynamic_cast<grpc::CallbackServerContext*>(info->server_context());
    return call == nullptr ? nullptr : std::make_unique<AfterCallbackCall>(*call, counter_).release();
  }

 private:
  Counter counter_;
};

}  // namespace

std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> ResetAlarm(int most,
                                                                                  std::function<void()> alarm) {
  static std::once_flag once;
  // gRPC deletes it at the end of the process, though its header says that it
  // does not take ownership.
  std::call_once(once,
                 [] { grpc::Server::SetGlobalCallbacks(std::make_unique<AfterEachSynchronousCall>().release()); });
  return std::make_unique<Watches>(most, std::move(alarm));
}

}  // namespace loadline::rpc
