#include "bench/latency.h"

#include <algorithm>
#include <atomic>
#include <barrier>
#include <chrono>
#include <cmath>
#include <exception>
#include <mutex>
#include <thread>

namespace loadline::bench {
namespace {

constexpr std::chrono::milliseconds kWarmUp(500);

std::vector<double> TimesOf(const Call& call, int count) {
  std::vector<double> times;
  for (int i = 0; i < count; ++i) {
    const auto start = std::chrono::steady_clock::now();
    call();
    times.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count());
  }
  return times;
}

/// What the threads of one comparison share.
class Run {
 public:
  Run(const Effort& effort, std::ptrdiff_t threads) : effort_(effort), barrier_(threads) {}

  // Calls of the other kind never run at the same time, on any connection.
  void Measure(const Connection& connection) try {
    for (int round = -1; round < effort_.rounds; ++round) {
      barrier_.arrive_and_wait();
      const auto empty = TimesOf(connection.empty, effort_.empty_per_round);
      barrier_.arrive_and_wait();
      const auto measured = TimesOf(connection.measured, effort_.measured_per_round);
      if (round >= 0) Keep(empty, measured);
    }
  } catch (...) {
    barrier_.arrive_and_drop();
    const std::lock_guard lock(mutex_);
    failure_ = std::current_exception();
  }

  Comparison Result() const {
    if (failure_) std::rethrow_exception(failure_);
    return result_;
  }

 private:
  void Keep(const std::vector<double>& empty, const std::vector<double>& measured) {
    const std::lock_guard lock(mutex_);
    result_.empty.Add(empty);
    result_.measured.Add(measured);
  }

  const Effort effort_;
  std::barrier<> barrier_;
  std::mutex mutex_;
  Comparison result_;
  std::exception_ptr failure_;
};

}  // namespace

void Samples::Add(const std::vector<double>& microseconds) {
  values_.insert(values_.end(), microseconds.begin(), microseconds.end());
}

double Samples::Percentile(double q) const {
  const auto rank = static_cast<std::ptrdiff_t>(std::ceil(q * static_cast<double>(values_.size()))) - 1;
  const auto at = values_.begin() + std::max<std::ptrdiff_t>(rank, 0);
  std::nth_element(values_.begin(), at, values_.end());
  return *at;
}

Comparison Compare(const std::vector<Connection>& connections, const Effort& effort) {
  Run run(effort, static_cast<std::ptrdiff_t>(connections.size()));
  {
    std::vector<std::jthread> threads;
    for (const auto& connection : connections) threads.emplace_back([&] { run.Measure(connection); });
  }
  return run.Result();
}

double CallsPerSecond(const std::vector<Call>& calls, std::chrono::seconds duration) {
  std::atomic<bool> counting = false;
  std::atomic<bool> stopping = false;
  std::atomic<std::int64_t> count = 0;
  std::mutex mutex;
  std::exception_ptr failure;
  double seconds = 0;
  {
    std::vector<std::jthread> threads;
    for (const auto& call : calls) {
      threads.emplace_back([&] {
        try {
          while (!stopping) {
            call();
            if (counting) ++count;
          }
        } catch (...) {
          const std::lock_guard lock(mutex);
          failure = std::current_exception();
        }
      });
    }
    std::this_thread::sleep_for(kWarmUp);
    const auto start = std::chrono::steady_clock::now();
    counting = true;
    std::this_thread::sleep_for(duration);
    counting = false;
    seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    stopping = true;
  }
  if (failure) std::rethrow_exception(failure);
  return static_cast<double>(count) / seconds;
}

}  // namespace loadline::bench
