#pragma once

#include <string_view>

#include "libs/base/result.h"
#include "services/benchmark-store/repository/benchmark_repository.h"

/// What failures of the database are to callers. Texts of the database go to
/// `detail`, and so to the log only; none holds a password.
namespace loadline::store::postgres {

/// The database is away, or this connection to it is lost: kUnavailable
/// (`DATABASE_UNAVAILABLE`), to be retried.
base::Error DatabaseUnavailable(std::string_view detail);

/// All connections are busy: kResourceExhausted (`DATABASE_BUSY`), to be
/// retried.
base::Error DatabaseBusy(std::string_view detail);

/// What became of the connection that an exception came from.
enum class ConnectionState { kOpen, kLost, kCutOff };

/// The error of the exception that is being handled, to the caller of `scope`.
/// The only place that knows libpqxx's exceptions.
base::Error ErrorInFlight(ConnectionState state, const CallScope& scope);

/// The error of a call for which `IsOver`.
base::Error OutOfTime(const CallScope& scope);

/// It may succeed when tried again. Where a commit was lost it may have been
/// made, so only what does the same when repeated may be.
bool MayRetry(const base::Error& error);

}  // namespace loadline::store::postgres
