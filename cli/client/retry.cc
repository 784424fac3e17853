#include "cli/client/retry.h"

#include <fmt/format.h>

#include <cmath>
#include <random>
#include <thread>

namespace loadline::cli {
namespace {

using std::chrono::milliseconds;

constexpr int kMostCalls = 3;
constexpr double kMostExtra = 0.25;

bool MayPass(const base::Error& failure) {
  return failure.code == base::ErrorCode::kResourceExhausted || failure.code == base::ErrorCode::kUnavailable;
}

milliseconds WithJitter(milliseconds wait) {
  std::minstd_rand random{std::random_device{}()};
  std::uniform_real_distribution<double> factor(1, 1 + kMostExtra);
  return milliseconds(std::llround(static_cast<double>(wait.count()) * factor(random)));
}

}  // namespace

std::optional<milliseconds> WaitBeforeRetry(const base::Error& failure, int failures, base::Instant deadline) {
  if (failures >= kMostCalls || !failure.retry_after || !MayPass(failure)) return std::nullopt;
  const auto wait = WithJitter(*failure.retry_after);
  if (std::chrono::steady_clock::now() + wait >= deadline) return std::nullopt;
  return wait;
}

void WaitToRetry(const Endpoint& endpoint, const std::string& service, const base::Error& failure, milliseconds wait) {
  const double seconds = static_cast<double>(wait.count()) / 1000;
  if (endpoint.on_wait) {
    endpoint.on_wait(fmt::format("{}: {} Trying again in {:.1f} s.", service, failure.message, seconds));
  }
  std::this_thread::sleep_for(wait);
}

}  // namespace loadline::cli
