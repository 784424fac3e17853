#pragma once

#include <atomic>
#include <chrono>

#include "libs/base/clock.h"

namespace loadline::testing {

/// Time that moves only when a test says so. Thread-safe.
class FakeClock final : public base::Clock {
 public:
  /// Starts at 2026-01-01T00:00:00Z.
  base::Instant Now() const override { return base::Instant(std::chrono::milliseconds(elapsed_ms_.load())); }
  base::Timestamp WallTime() const override { return kStart + std::chrono::milliseconds(elapsed_ms_.load()); }

  void Advance(std::chrono::milliseconds by) { elapsed_ms_ += by.count(); }

 private:
  static constexpr base::Timestamp kStart{std::chrono::seconds(1'767'225'600)};
  std::atomic<std::chrono::milliseconds::rep> elapsed_ms_ = 0;
};

}  // namespace loadline::testing
