#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "services/benchmark-store/app/import_benchmarks.h"

namespace loadline::store {

/// Tells a caller how far its import has come, from a thread of its own: a
/// caller that reads slowly, or not at all, keeps neither the import waiting nor
/// others that wait for its merge. What was not told yet is replaced by what is
/// newer. Thread-safe.
class ProgressTeller {
 public:
  /// `tell` may block; it is called from the thread, never twice at once.
  explicit ProgressTeller(OnImportProgress tell);
  /// Tells the newest, unless it was told, and returns after that.
  ~ProgressTeller();
  ProgressTeller(const ProgressTeller&) = delete;
  ProgressTeller& operator=(const ProgressTeller&) = delete;

  /// Returns at once.
  void Update(const ImportProgress& progress);

  /// How long an import that is `elapsed` old is not told of again: a fiftieth
  /// of that. So an import of ten minutes takes less than 500 messages, which
  /// fit into 16 KiB, a quarter of the smallest window that a stream has by
  /// default.
  static std::chrono::milliseconds PauseAfter(std::chrono::milliseconds elapsed);

 private:
  void Run(const std::stop_token& stop);
  std::optional<ImportProgress> Await(const std::stop_token& stop);
  void Pause(const std::stop_token& stop);

  const OnImportProgress tell_;
  const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::optional<ImportProgress> untold_;  // guarded by mutex_
  std::jthread thread_;                   // the last: it uses the others
};

}  // namespace loadline::store
