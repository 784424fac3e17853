#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>

#include "libs/base/clock.h"

namespace loadline::planner {

/// Gives freed memory back to the system: what a load needs besides its
/// evidence is several times as large, and the allocator would keep it. That
/// stops other threads that allocate, for milliseconds, so it is rationed: at
/// once after much, else at most once in a while. Thread-safe.
class HeapTrim {
 public:
  /// `trim` does it; by default, all free pages of the process are returned.
  explicit HeapTrim(const base::Clock& clock, std::function<void()> trim = TrimProcess);

  /// As much as `benchmarks` need was freed, or soon will be.
  void Freed(std::size_t benchmarks);
  /// Trims if something was freed and it is time. Call it now and then.
  void TrimIfDue();

  /// More than this is returned at once.
  static constexpr std::size_t kMuch = 50'000;
  /// Less is returned no more often than this.
  static constexpr std::chrono::milliseconds kInterval = std::chrono::seconds(5);

 private:
  static void TrimProcess();
  bool TakeTurn();

  const base::Clock& clock_;
  const std::function<void()> trim_;
  std::mutex mutex_;
  std::size_t freed_ = 0;
  std::optional<base::Instant> trimmed_at_;
};

}  // namespace loadline::planner
