#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/integration/services.h"

namespace loadline::testing {

/// What people ask of a store and its planner: all kinds of calls by turns, the
/// same in the same order each time.
class MixedLoad {
 public:
  using Clock = std::chrono::steady_clock;
  struct Call {
    /// Since the load began, when it was made.
    std::chrono::milliseconds at{0};
    std::chrono::microseconds took{0};
  };
  struct Report {
    /// Those that succeeded.
    std::vector<Call> calls;
    /// How often what failed, by kind and message.
    std::map<std::string, int> failures;

    /// The time within which this part of the calls made in [from, to) was
    /// answered.
    std::chrono::microseconds Quantile(double part, std::chrono::milliseconds from, std::chrono::milliseconds to) const;
  };

  /// `models` must be loaded.
  MixedLoad(const std::string& store_address, const std::string& planner_address, std::vector<std::string> models);

  /// As many calls as are answered in `time`.
  Report Saturate(std::chrono::milliseconds time) const;
  /// `calls_per_second` evenly for `time`; `each_second` is called meanwhile.
  Report Pace(double calls_per_second, std::chrono::milliseconds time, const std::function<void()>& each_second) const;

 private:
  struct Clients;
  using Wait = std::function<void(std::int64_t number)>;

  Report Run(std::chrono::milliseconds time, const Wait& wait, const std::function<void()>& each_second) const;

  const std::string store_address_;
  const std::string planner_address_;
  const std::vector<std::string> models_;
};

}  // namespace loadline::testing
