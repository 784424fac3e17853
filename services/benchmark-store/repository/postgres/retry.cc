#include "services/benchmark-store/repository/postgres/retry.h"

#include <random>
#include <thread>

namespace loadline::store::postgres {
namespace {

using std::chrono::milliseconds;

constexpr int kFirstWaitMs = 20;

}  // namespace

bool AwaitRetry(int attempt, const CallScope& scope) {
  thread_local std::minstd_rand random{std::random_device{}()};
  const int longest = kFirstWaitMs << (attempt - 1);
  const milliseconds wait(std::uniform_int_distribution<int>(longest / 2, longest)(random));
  if (std::chrono::steady_clock::now() + wait >= scope.deadline || scope.cancelled()) return false;
  std::this_thread::sleep_for(wait);
  return true;
}

}  // namespace loadline::store::postgres
