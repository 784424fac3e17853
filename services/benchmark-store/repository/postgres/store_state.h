#pragma once

#include "services/benchmark-store/repository/postgres/connection.h"

namespace loadline::store::postgres {

/// The row of `store_state`.
struct StoreState {
  domain::Revision revision = 0;
  /// The last revisions that changed the catalogue and the curves.
  domain::Revision catalog_revision = 0;
  domain::Revision curves_revision = 0;
  std::int64_t benchmark_count = 0;
};

base::Result<StoreState> ReadState(Connection& connection, const CallScope& scope);

/// The same as the first statement of a change, or of making partitions: they
/// come one after the other, and so never wait for each other crosswise. Call in
/// a transaction.
base::Result<StoreState> LockState(Connection& connection, const CallScope& scope);

/// The channel on which stores hear of new revisions.
inline constexpr char kChangesChannel[] = "loadline_changes";

}  // namespace loadline::store::postgres
