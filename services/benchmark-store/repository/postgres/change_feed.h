#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "services/benchmark-store/repository/postgres/connection.h"
#include "services/benchmark-store/repository/postgres/store_state.h"

namespace loadline::store::postgres {

/// Follows the revision of a database that several stores change.
///
/// A thread with a connection of its own hears of changes as they are committed
/// (LISTEN), and asks twice a second besides, for where notifications do not
/// come through. Thread-safe.
class ChangeFeed {
 public:
  /// `on_state` gets every state that was read, before those who wait for its
  /// revision wake up; `on_loss` each loss of the connection. Both are called
  /// by the thread.
  struct Listeners {
    std::function<void(const StoreState&)> on_state = [](const StoreState&) {};
    std::function<void(const base::Error&)> on_loss = [](const base::Error&) {};
  };

  ChangeFeed(std::string url, const StoreState& initial, Listeners listeners);
  ~ChangeFeed();
  ChangeFeed(const ChangeFeed&) = delete;
  ChangeFeed& operator=(const ChangeFeed&) = delete;

  /// The newest revision that is known.
  domain::Revision revision() const;
  /// False while the database is away: then `revision` may be old.
  bool live() const { return live_; }
  /// How long ago the database said what its newest revision is.
  std::chrono::milliseconds lag() const;
  /// A change that this process made.
  void Learn(domain::Revision revision);

  /// See BenchmarkRepository::AwaitChange.
  domain::Revision Await(domain::Revision after, std::chrono::milliseconds wait, const CallScope& scope) const;

 private:
  void Run();
  base::Status Follow();
  void Set(domain::Revision revision);
  bool Rest(std::chrono::milliseconds time);

  const std::string url_;
  const Listeners listeners_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  domain::Revision revision_;  // guarded by mutex_
  std::atomic<bool> live_ = false;
  std::atomic<base::Instant> heard_ = std::chrono::steady_clock::now();
  std::atomic<bool> stopping_ = false;
  std::jthread thread_;
};

}  // namespace loadline::store::postgres
