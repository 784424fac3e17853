#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "tests/integration/store_client.h"

namespace loadline::testing {

/// Threads that ask a store for the nearest benchmark of a model, again and
/// again, until destroyed.
class LoadOnStore {
 public:
  LoadOnStore(const std::string& address, const std::string& model, int threads);
  ~LoadOnStore();
  LoadOnStore(const LoadOnStore&) = delete;
  LoadOnStore& operator=(const LoadOnStore&) = delete;

  /// Every thread has a good answer to what it asked from now on; false if
  /// `patience` is over before.
  bool AwaitAllGood(std::chrono::milliseconds patience) const;
  /// So many more calls fail from now on; false after 20 s.
  bool AwaitFailures(int count) const;
  /// All failures so far, by what they said, and one of each kind.
  std::map<std::string, base::Error> failures() const;

 private:
  using Clock = std::chrono::steady_clock;

  void Run(std::size_t thread, const std::string& address, const std::string& model);

  std::atomic<bool> done_ = false;
  std::atomic<int> failure_count_ = 0;
  mutable std::mutex mutex_;
  // All guarded by mutex_. When each thread asked what was answered well last.
  std::vector<Clock::time_point> good_;
  std::map<std::string, base::Error> failures_;
  std::vector<std::thread> threads_;
};

}  // namespace loadline::testing
