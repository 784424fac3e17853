#include "services/benchmark-store/repository/postgres/vitals.h"

#include "services/benchmark-store/repository/postgres/call_time.h"

namespace loadline::store::postgres {
namespace {

// Rows of pg_stat_activity that the role may not see have no xact_start.
const Statement kVitals = {
    .name = "read_vitals",
    .sql =
        "SELECT coalesce((SELECT (1000 * extract(epoch FROM clock_timestamp() - min(xact_start)))::bigint "
        "FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' "
        "AND pid <> pg_backend_pid()), 0), "
        "(SELECT count(*) FROM benchmark_quarantine), "
        "(SELECT coalesce(max(number), 0) FROM schema_migrations)"};

}  // namespace

base::Result<Vitals> ReadVitals(Connection& connection, const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(const auto rows, connection.Run(kVitals, {}, scope));
  return Vitals{.oldest_transaction = std::chrono::milliseconds(rows.BigInteger(0, 0)),
                .quarantined = rows.BigInteger(0, 1),
                .schema_version = rows.Integer(0, 2)};
}

Vitals VitalsMonitor::Read() {
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (asked_ != std::chrono::steady_clock::time_point() && now - asked_ < kInterval) return last_;
  asked_ = now;
  const auto scope = Within(kPatience);
  const auto lease = pool_.Acquire(scope);
  if (!lease) return last_;
  if (const auto read = ReadVitals(**lease, scope)) last_ = *read;
  return last_;
}

}  // namespace loadline::store::postgres
