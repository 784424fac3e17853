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

/// What a statement that failed with `sqlstate` means to the caller of `scope`.
base::Error FromSqlState(std::string_view sqlstate, std::string_view detail, const CallScope& scope);

/// The time of `scope` is up, or its caller has gone.
bool IsOver(const CallScope& scope);
/// The error of a call for which `IsOver`.
base::Error OutOfTime(const CallScope& scope);

/// Nothing of what was asked happened, and it may succeed when tried again.
bool MayRetry(const base::Error& error);

}  // namespace loadline::store::postgres
