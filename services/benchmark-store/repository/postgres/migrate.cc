#include "services/benchmark-store/repository/postgres/migrate.h"

#include <fmt/format.h>

#include <map>

#include "services/benchmark-store/repository/postgres/extensions.h"
#include "services/benchmark-store/repository/postgres/sql_error.h"

namespace loadline::store::postgres {
namespace {

constexpr char kLock[] = "SELECT pg_advisory_lock(7023364508)";
constexpr char kUnlock[] = "SELECT pg_advisory_unlock(7023364508)";
constexpr char kMakeTable[] =
    "CREATE TABLE IF NOT EXISTS schema_migrations (number integer PRIMARY KEY, name text NOT NULL, "
    "checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())";
constexpr char kTableExists[] = "SELECT to_regclass('schema_migrations') IS NOT NULL";
constexpr char kRead[] =
    "SELECT number, name, checksum, to_char(applied_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') "
    "FROM schema_migrations ORDER BY number";
constexpr char kRecord[] = "INSERT INTO schema_migrations (number, name, checksum) VALUES ($1, $2, $3)";

struct Applied {
  std::string name;
  std::string checksum;
  std::string at;
};

std::string FileName(int number, std::string_view name) { return fmt::format("{:04}_{}.sql", number, name); }

base::Error Changed(const Migration& migration) {
  return base::FailedPrecondition(
      "MIGRATION_CHANGED", fmt::format("The database was made by another version of {}: its checksum differs. Use the "
                                       "program that the database was made by, or restore the file.",
                                       FileName(migration.number, migration.name)));
}

// The migration is not what is wrong: the connection was lost, or the time is up.
bool SaysNothingOf(const base::Error& error) {
  return MayRetry(error) || error.code == base::ErrorCode::kCancelled ||
         error.code == base::ErrorCode::kDeadlineExceeded;
}

base::Error Failed(const Migration& migration, const base::Error& why) {
  if (SaysNothingOf(why)) return why;
  auto error = base::FailedPrecondition(
      "MIGRATION_FAILED", fmt::format("{} failed and was rolled back: {}", FileName(migration.number, migration.name),
                                      why.detail.empty() ? why.message : why.detail));
  error.detail = why.detail;
  return error;
}

base::Result<std::map<int, Applied>> ReadApplied(Connection& connection, const CallScope& scope) {
  std::map<int, Applied> applied;
  LOADLINE_ASSIGN_OR_RETURN(const auto exists, connection.Run(kTableExists, {}, scope));
  if (!exists.Boolean(0, 0)) return applied;
  LOADLINE_ASSIGN_OR_RETURN(const auto rows, connection.Run(kRead, {}, scope));
  for (int row = 0; row < rows.size(); ++row) {
    applied[rows.Integer(row, 0)] = {rows.Text(row, 1), rows.Text(row, 2), rows.Text(row, 3)};
  }
  return applied;
}

/// The turn to migrate, until destroyed.
class Turn {
 public:
  static base::Result<Turn> Await(Connection& connection, const CallScope& scope) {
    LOADLINE_RETURN_IF_ERROR(connection.Execute(kLock, scope));
    return Turn(connection, scope);
  }
  Turn(Turn&& other) noexcept : connection_(std::exchange(other.connection_, nullptr)), scope_(other.scope_) {}
  // Where this fails, the connection is lost and its locks with it.
  ~Turn() {
    if (connection_ != nullptr) static_cast<void>(connection_->Execute(kUnlock, scope_));
  }

 private:
  Turn(Connection& connection, const CallScope& scope) : connection_(&connection), scope_(scope) {}
  Connection* connection_;
  const CallScope& scope_;
};

base::Status ApplyOne(Connection& connection, const Migration& migration, const CallScope& scope) {
  LOADLINE_RETURN_IF_ERROR(connection.Execute(std::string(migration.sql), scope));
  Parameters parameters;
  parameters.Integer(migration.number).Text(migration.name).Text(migration.Checksum());
  LOADLINE_RETURN_IF_ERROR(connection.Run(kRecord, parameters, scope));
  return {};
}

base::Status ApplyInTransaction(Connection& connection, const Migration& migration, const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(auto transaction, Transaction::Begin(connection, scope));
  if (const auto applied = ApplyOne(connection, migration, scope); !applied) {
    return base::Fail(Failed(migration, applied.error()));
  }
  return transaction.Commit(scope);
}

/// The pending ones, up to the asked one.
std::vector<const Migration*> Pending(std::span<const Migration> migrations, const std::vector<MigrationStatus>& status,
                                      std::optional<int> to) {
  std::vector<const Migration*> pending;
  for (std::size_t i = 0; i < migrations.size(); ++i) {
    const bool wanted = !to || migrations[i].number <= *to;
    if (wanted && !status[i].applied_at) pending.push_back(&migrations[i]);
  }
  return pending;
}

base::Status ApplyAll(Connection& connection, const std::vector<const Migration*>& pending, bool dry_run,
                      const CallScope& scope) {
  if (!dry_run) {
    for (const auto* migration : pending) {
      LOADLINE_RETURN_IF_ERROR(ApplyInTransaction(connection, *migration, scope));
    }
    return {};
  }
  LOADLINE_ASSIGN_OR_RETURN(const auto rolled_back, Transaction::Begin(connection, scope));
  LOADLINE_RETURN_IF_ERROR(connection.Execute(kMakeTable, scope));
  for (const auto* migration : pending) {
    if (const auto applied = ApplyOne(connection, *migration, scope); !applied) {
      return base::Fail(Failed(*migration, applied.error()));
    }
  }
  return {};
}

}  // namespace

base::Result<std::vector<MigrationStatus>> ReadMigrationStatus(Connection& connection,
                                                               std::span<const Migration> migrations,
                                                               const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(auto applied, ReadApplied(connection, scope));
  std::vector<MigrationStatus> status;
  for (const auto& migration : migrations) {
    const auto found = applied.find(migration.number);
    status.push_back({.number = migration.number, .name = std::string(migration.name), .applied_at = {}});
    if (found == applied.end()) continue;
    if (found->second.checksum != migration.Checksum()) return base::Fail(Changed(migration));
    status.back().applied_at = found->second.at;
    applied.erase(found);
  }
  for (const auto& [number, unknown] : applied) {
    status.push_back({.number = number, .name = unknown.name, .applied_at = unknown.at, .unknown = true});
  }
  return status;
}

base::Result<std::vector<MigrationStatus>> Migrate(Connection& connection, std::span<const Migration> migrations,
                                                   const MigrateOptions& options, const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(const auto turn, Turn::Await(connection, scope));
  LOADLINE_ASSIGN_OR_RETURN(const auto status, ReadMigrationStatus(connection, migrations, scope));
  const auto pending = Pending(migrations, status, options.to);
  // A role that may only use the schema does not need to make this table.
  if (!pending.empty() && !options.dry_run) LOADLINE_RETURN_IF_ERROR(connection.Execute(kMakeTable, scope));
  if (!pending.empty()) LOADLINE_RETURN_IF_ERROR(CheckExtensions(connection, scope));
  LOADLINE_RETURN_IF_ERROR(ApplyAll(connection, pending, options.dry_run, scope));
  std::vector<MigrationStatus> applied;
  for (const auto* migration : pending) {
    applied.push_back({.number = migration->number, .name = std::string(migration->name), .applied_at = {}});
  }
  return applied;
}

base::Status CheckSchema(const std::vector<MigrationStatus>& status) {
  std::string pending;
  for (const auto& each : status) {
    if (!each.applied_at) pending += " " + FileName(each.number, each.name);
  }
  if (pending.empty()) return {};
  return base::Fail(base::FailedPrecondition(
      "SCHEMA_TOO_OLD", fmt::format("The database lacks migrations:{}. Run `benchmark-store migrate`.", pending)));
}

}  // namespace loadline::store::postgres
