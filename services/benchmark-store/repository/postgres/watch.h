#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "services/benchmark-store/repository/benchmark_repository.h"

namespace loadline::store::postgres {

/// Ends calls that block on a socket when their scope is over, because libpqxx
/// waits for the server without a limit.
///
/// A thread looks at the calls under way when the first deadline is due, and
/// every 20 ms for callers that have gone; it sleeps while there are none.
/// Thread-safe; must outlive its calls.
class Watch {
 public:
  /// One call under way, until destroyed. Of one thread.
  class Call {
   public:
    /// `socket` and `scope` must stay for as long as the call.
    Call(Watch& watch, int socket, const CallScope& scope);
    ~Call();
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

    /// Its scope was over, so that the socket was shut down: who blocks on it
    /// wakes up, and nothing comes through it any more.
    bool was_cut_off() const;

   private:
    friend Watch;
    Watch& watch_;
    const int socket_;
    const CallScope& scope_;
    bool cut_off_ = false;  // guarded by watch_.mutex_
  };

  Watch();
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

 private:
  using Clock = std::chrono::steady_clock;

  static Clock::time_point NextLook(const CallScope& scope);
  void Run();
  Clock::time_point CutOff();
  void Await(std::unique_lock<std::mutex>& lock);

  std::mutex mutex_;
  std::condition_variable wake_;
  // All guarded by mutex_.
  std::vector<Call*> calls_;
  Clock::time_point next_look_ = Clock::time_point::max();
  bool stopping_ = false;
  std::jthread thread_;
};

}  // namespace loadline::store::postgres
