#pragma once

#include <chrono>

namespace loadline::base {

/// A moment of this process's monotonic time: ages and intervals.
using Instant = std::chrono::steady_clock::time_point;

/// A moment of calendar time.
using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

/// Where time comes from. Thread-safe. Passed in, so that tests set the time.
class Clock {
 public:
  virtual ~Clock() = default;
  /// Never goes back; not moved by changes of the wall clock.
  virtual Instant Now() const = 0;
  /// The wall clock, UTC.
  virtual Timestamp WallTime() const = 0;
};

/// The machine's clocks.
class SystemClock final : public Clock {
 public:
  Instant Now() const override { return std::chrono::steady_clock::now(); }
  Timestamp WallTime() const override {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
};

}  // namespace loadline::base
