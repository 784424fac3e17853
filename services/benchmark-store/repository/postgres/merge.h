#pragma once

#include "services/benchmark-store/repository/postgres/connection.h"
#include "services/benchmark-store/repository/postgres/store_state.h"

/// What makes staged rows part of the data; see Staging.
namespace loadline::store::postgres {

/// Counts of rows that are new.
struct Merged {
  std::int64_t accepted = 0;
  std::int64_t saturated = 0;
  std::int64_t quarantined = 0;
  /// A curve is new, or is in another partition as well.
  bool curves = false;

  bool empty() const { return accepted == 0 && quarantined == 0; }
};

/// Adds what is new under the revision after the current one, and makes that
/// the current one unless nothing was new. Call in a transaction that holds the
/// state's lock; roll it back if nothing was new. `on_merged` is told how many
/// of the `staged` accepted rows are done, about.
base::Result<Merged> MergeStaged(Connection& connection, std::int64_t staged, const OnMerged& on_merged,
                                 const CallScope& scope);

/// What `MergeStaged` would add; changes nothing.
base::Result<Merged> CountStaged(Connection& connection, const CallScope& scope);

}  // namespace loadline::store::postgres
