#pragma once

#include <grpcpp/client_context.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "libs/base/error.h"

namespace loadline::testing {

/// Threads that make a call again and again, each with a deadline, until
/// destroyed.
class CallLoad {
 public:
  using Clock = std::chrono::steady_clock;
  struct Outcome {
    grpc::Status status = {};
    /// Of answers of the planner.
    bool stale = false;
    std::int64_t revision = 0;
  };
  /// The next call of a thread; `context` has its deadline.
  using Call = std::function<Outcome(std::size_t thread, grpc::ClientContext& context)>;
  using Wanted = std::function<bool(const Outcome&)>;

  CallLoad(int threads, std::chrono::milliseconds deadline, Call call);
  ~CallLoad();
  CallLoad(const CallLoad&) = delete;
  CallLoad& operator=(const CallLoad&) = delete;

  /// Each thread has a `wanted` outcome of what it asked from now on; false if
  /// `patience` is over before.
  bool AwaitAll(const Wanted& wanted, std::chrono::milliseconds patience) const;
  bool AwaitAllGood(std::chrono::milliseconds patience) const;
  /// So many more calls have ended; false after 20 s.
  bool AwaitCalls(std::int64_t count) const;

  std::int64_t calls() const { return calls_; }
  /// The longest time that a call took beyond its deadline; 0 if none did.
  std::chrono::milliseconds WorstOverrun() const;
  /// All failures so far, by what they said.
  std::map<std::string, base::Error> failures() const;

 private:
  struct Last {
    Clock::time_point asked = {};
    Outcome outcome = {};
  };

  void Run(std::size_t thread);
  void Note(std::size_t thread, Last last, Clock::duration took);

  const std::chrono::milliseconds deadline_;
  const Call call_;
  std::atomic<bool> done_ = false;
  std::atomic<std::int64_t> calls_ = 0;
  mutable std::mutex mutex_;
  // All guarded by mutex_.
  std::vector<Last> last_;
  Clock::duration longest_{0};
  std::map<std::string, base::Error> failures_;
  std::vector<std::thread> threads_;
};

}  // namespace loadline::testing
