#pragma once

#include <optional>
#include <string>
#include <vector>

#include "services/benchmark-store/repository/postgres/connection.h"
#include "services/benchmark-store/repository/postgres/migrations.h"

namespace loadline::store::postgres {

/// Where one migration stands in a database.
struct MigrationStatus {
  int number = 0;
  std::string name;
  /// When it was applied (UTC, as text); nullopt: it is pending.
  std::optional<std::string> applied_at;
  /// The database has it, and this program does not know it: a newer one made it.
  bool unknown = false;
};

struct MigrateOptions {
  /// The last one to apply; all where absent.
  std::optional<int> to = {};
  /// Applies them, and takes all back.
  bool dry_run = false;
};

/// All migrations, in order. Fails with `kFailedPrecondition`
/// (`MIGRATION_CHANGED`) if one that was applied is not the one we have.
base::Result<std::vector<MigrationStatus>> ReadMigrationStatus(Connection& connection,
                                                               std::span<const Migration> migrations,
                                                               const CallScope& scope);

/// Applies what is pending, each in a transaction of its own, and returns what
/// it applied. Programs that do it at once take turns, and the later ones find
/// nothing left. A failed one is rolled back and is a `kFailedPrecondition`
/// (`MIGRATION_FAILED`) that says which and why; those before it stay applied.
/// A database that is newer than we are is left as it is.
base::Result<std::vector<MigrationStatus>> Migrate(Connection& connection, std::span<const Migration> migrations,
                                                   const MigrateOptions& options, const CallScope& scope);

/// Fails with `kFailedPrecondition` (`SCHEMA_TOO_OLD`) if any is pending.
base::Status CheckSchema(const std::vector<MigrationStatus>& status);

}  // namespace loadline::store::postgres
