#pragma once

#include "services/benchmark-store/repository/postgres/connection.h"

namespace loadline::store::postgres {

/// Whether migrations can have the extensions that they need. Fails with
/// `kFailedPrecondition` (`EXTENSION_MISSING`), saying what to install or what
/// to run as whom.
base::Status CheckExtensions(Connection& connection, const CallScope& scope);

}  // namespace loadline::store::postgres
