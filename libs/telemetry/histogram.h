#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "libs/telemetry/metric.h"

namespace loadline::telemetry {

/// Counts values by size, without a lock. Thread-safe.
class Histogram {
 public:
  /// `bounds` rise.
  explicit Histogram(std::vector<double> bounds) : bounds_(std::move(bounds)), counts_(bounds_.size() + 1) {}

  void Observe(double value) {
    const auto bucket = std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin();
    counts_[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
    sum_.fetch_add(value, std::memory_order_relaxed);
  }

  Buckets Read() const {
    Buckets buckets{.bounds = bounds_, .sum = sum_.load(std::memory_order_relaxed)};
    for (const auto& count : counts_) buckets.counts.push_back(count.load(std::memory_order_relaxed));
    return buckets;
  }

 private:
  const std::vector<double> bounds_;
  std::vector<std::atomic<std::uint64_t>> counts_;
  std::atomic<double> sum_ = 0;
};

}  // namespace loadline::telemetry
