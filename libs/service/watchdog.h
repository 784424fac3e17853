#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace loadline::service {

/// Asks again and again whether something is alive, in a thread of its own, for
/// as long as it lives.
class Watchdog {
 public:
  struct Options {
    std::chrono::milliseconds interval = std::chrono::seconds(2);
    /// So many bad answers in a row, and it counts as dead; a good one, and it
    /// is alive again.
    int misses = 3;
  };

  /// Both are called by that thread. At first it counts as alive.
  Watchdog(Options options, std::function<bool()> check, std::function<void(bool alive)> on_change);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

 private:
  void Run();
  bool Stopped();

  const Options options_;
  const std::function<bool()> check_;
  const std::function<void(bool alive)> on_change_;
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace loadline::service
