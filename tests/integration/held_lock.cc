#include "tests/integration/held_lock.h"

#include <stdexcept>

namespace loadline::testing {
namespace {

constexpr char kHolder[] = "application_name = 'held_lock'";

ProcessOptions Holder(const std::string& url, const std::string& table, const std::string& mode) {
  return {.binary = "/usr/lib/postgresql/15/bin/psql",
          .arguments = {"--no-psqlrc", "--dbname=" + url + "?application_name=held_lock", "--command=BEGIN",
                        "--command=LOCK TABLE " + table + " IN " + mode + " MODE", "--command=SELECT pg_sleep(3600)"}};
}

}  // namespace

HeldLock::HeldLock(const PostgresServer& server, const std::string& database, const std::string& table,
                   const std::string& mode)
    : server_(server), database_(database), holder_(Holder(server.Url(database, "postgres"), table, mode)) {
  const auto asleep = "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND ";
  if (!server_.Await(asleep + std::string(kHolder), database_)) {
    throw std::runtime_error("no lock of " + table + ": " + holder_.ErrorOutput());
  }
}

// Its end of the connection would sleep on if only the client were killed.
HeldLock::~HeldLock() {
  server_.Psql("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '" + database_ +
               "' AND " + kHolder);
}

bool HeldLock::AwaitWaiting(int count) const { return AwaitCount(">= " + std::to_string(count)); }

bool HeldLock::AwaitNoneWaiting() const { return AwaitCount("= 0"); }

bool HeldLock::AwaitCount(const std::string& condition) const {
  // Upkeep has an advisory lock, which says whose turn it is.
  return server_.Await("SELECT count(*) " + condition +
                           " FROM pg_stat_activity a WHERE wait_event_type = 'Lock' AND datname = '" + database_ +
                           "' AND NOT EXISTS (SELECT FROM pg_locks l WHERE l.pid = a.pid AND locktype = 'advisory')",
                       database_);
}

}  // namespace loadline::testing
