#pragma once

#include <algorithm>
#include <future>
#include <thread>
#include <vector>

namespace loadline::store::json {

/// Calls `work(i)` for every i below `count`, on all processors, and returns
/// when all are done. The calls must not depend on each other.
template <typename Work>
void ForEachInParallel(std::size_t count, const Work& work) {
  const std::size_t workers = std::max(1U, std::thread::hardware_concurrency());
  const auto every = [&](std::size_t first) {
    for (auto i = first; i < count; i += workers) work(i);
  };
  std::vector<std::future<void>> running;
  for (std::size_t worker = 1; worker < std::min(workers, count); ++worker) {
    running.push_back(std::async(std::launch::async, every, worker));
  }
  every(0);
  for (auto& each : running) each.get();
}

}  // namespace loadline::store::json
