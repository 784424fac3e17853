#pragma once

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "libs/base/result.h"
#include "services/benchmark-store/config.h"

namespace loadline::store {

/// Brings the database's schema up to date and logs what it applied. Fails with
/// `kUnavailable` where the database is away, else as `postgres::Migrate` does;
/// what it is at is rolled back once `cancelled`.
base::Status MigrateOnStart(const DatabaseConfig& config, const std::function<bool()>& cancelled);

/// `benchmark-store migrate ARGUMENTS`: applies what is pending, or up to
/// `--to N`; `--dry-run` takes it back, `--status` only looks. Says what it did
/// on `out`. Waits a while for a database that is away. A pending SIGTERM ends it,
/// and what it was at is rolled back. Fails with `kInvalidArgument` for other arguments.
base::Status RunMigrate(const DatabaseConfig& config, const std::vector<std::string>& arguments, std::ostream& out);

}  // namespace loadline::store
