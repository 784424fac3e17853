#include "services/benchmark-store/repository/postgres/store_state.h"

namespace loadline::store::postgres {
namespace {

const Statement kRead = {.name = "read_state",
                         .sql = "SELECT revision, catalog_revision, curves_revision, benchmark_count FROM store_state"};
// Who holds this lock talks to nobody but the server, so one that is silent for
// five seconds has vanished, and the others wait for it no longer.
const Statement kLock = {
    .name = "lock_state",
    .sql =
        "SELECT revision, catalog_revision, curves_revision, benchmark_count, "
        "set_config('idle_in_transaction_session_timeout', '5s', true) FROM store_state FOR UPDATE"};

base::Result<StoreState> Read(Connection& connection, const Statement& statement, const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(const auto rows, connection.Run(statement, {}, scope));
  if (rows.size() != 1) return base::Fail(base::Internal("store_state does not have its one row"));
  return StoreState{.revision = rows.BigInteger(0, 0),
                    .catalog_revision = rows.BigInteger(0, 1),
                    .curves_revision = rows.BigInteger(0, 2),
                    .benchmark_count = rows.BigInteger(0, 3)};
}

}  // namespace

base::Result<StoreState> ReadState(Connection& connection, const CallScope& scope) {
  return Read(connection, kRead, scope);
}

base::Result<StoreState> LockState(Connection& connection, const CallScope& scope) {
  return Read(connection, kLock, scope);
}

}  // namespace loadline::store::postgres
