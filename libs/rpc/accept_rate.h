#pragma once

#include <algorithm>
#include <chrono>

namespace loadline::rpc {

/// How many connections may begin: `per_second`, and as many at once after a
/// second of rest. Not thread-safe.
class AcceptRate {
 public:
  using Time = std::chrono::steady_clock::time_point;

  AcceptRate(int per_second, Time now) : per_second_(per_second), allowed_(per_second), counted_until_(now) {}

  /// True if one more may begin at `now`, which must not go back.
  bool Allows(Time now) {
    const std::chrono::duration<double> since = now - counted_until_;
    allowed_ = std::min(allowed_ + per_second_ * since.count(), per_second_);
    counted_until_ = now;
    return allowed_ >= 1;
  }
  /// One began.
  void Count() { --allowed_; }

 private:
  const double per_second_;
  double allowed_;
  Time counted_until_;
};

}  // namespace loadline::rpc
