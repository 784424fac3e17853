#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "libs/base/result.h"
#include "services/benchmark-store/config.h"

namespace loadline::store {

/// Brings the database's schema up to date and logs what it applied; waits a
/// while for a database that is away. Fails as `postgres::Migrate` does.
base::Status MigrateOnStart(const DatabaseConfig& config);

/// `benchmark-store migrate ARGUMENTS`: applies what is pending, or up to
/// `--to N`; `--dry-run` takes it back, `--status` only looks. Says what it did
/// on `out`. Fails with `kInvalidArgument` for other arguments.
base::Status RunMigrate(const DatabaseConfig& config, const std::vector<std::string>& arguments, std::ostream& out);

}  // namespace loadline::store
