#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "cli/client/endpoint.h"
#include "libs/base/clock.h"
#include "libs/base/result.h"

namespace loadline::cli {

/// How long to wait before a call that has failed `failures` times is made
/// again: as long as the service asks (RetryInfo of `RESOURCE_EXHAUSTED` and
/// `UNAVAILABLE`), and up to a quarter longer, so that those who were refused
/// together do not come back together. Nullopt where it is not to be made
/// again: the service asked for nothing, it was made three times, or `deadline`
/// is sooner.
std::optional<std::chrono::milliseconds> WaitBeforeRetry(const base::Error& failure, int failures,
                                                         base::Instant deadline);

/// Waits, and tells the endpoint's `on_wait` before.
void WaitToRetry(const Endpoint& endpoint, const std::string& service, const base::Error& failure,
                 std::chrono::milliseconds wait);

/// Makes a call, `attempt(deadline)`, and makes it again as WaitBeforeRetry
/// says, all within the endpoint's timeout. Also for what writes: an import adds
/// no row twice. Where the answer to a change of hardware was lost, doing it
/// again may undo what somebody else changed in between.
template <typename Attempt>
auto WithRetries(const Endpoint& endpoint, const std::string& service, const Attempt& attempt) {
  const auto deadline = std::chrono::steady_clock::now() + endpoint.timeout;
  for (int failures = 1;; ++failures) {
    auto result = attempt(deadline);
    if (result) return result;
    const auto wait = WaitBeforeRetry(result.error(), failures, deadline);
    if (!wait) return result;
    WaitToRetry(endpoint, service, result.error(), *wait);
  }
}

}  // namespace loadline::cli
