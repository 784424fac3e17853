#pragma once

#include <chrono>

#include "libs/base/result.h"
#include "services/benchmark-store/repository/postgres/pool.h"
#include "services/benchmark-store/repository/postgres/sql_error.h"

namespace loadline::store::postgres {

/// Waits a random while before attempt number `attempt` (from 1), longer each
/// time, so that calls that failed together do not come back together. False
/// when the scope is over first.
bool AwaitRetry(int attempt, const CallScope& scope);

/// Runs `body(connection)` on a lent connection. Where that failed and `body`
/// may be repeated, because it only reads or does the same however often it is
/// done, lost connections and conflicts are tried again.
template <typename Body>
auto RunRepeatable(Pool& pool, const CallScope& scope, const Body& body)
    -> decltype(body(std::declval<Connection&>())) {
  constexpr int kAttempts = 3;
  for (int attempt = 1;; ++attempt) {
    auto result = [&]() -> decltype(body(std::declval<Connection&>())) {
      LOADLINE_ASSIGN_OR_RETURN(auto lease, pool.Acquire(scope));
      return body(*lease);
    }();
    if (result || attempt == kAttempts || !MayRetry(result.error()) || !AwaitRetry(attempt, scope)) return result;
  }
}

}  // namespace loadline::store::postgres
