#include "services/benchmark-store/repository/postgres/sql_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace loadline::store::postgres {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kRetrySoon(250);
constexpr milliseconds kRetryLater(1000);

constexpr char kUnavailable[] = "DATABASE_UNAVAILABLE";
constexpr char kConflict[] = "DATABASE_CONFLICT";

base::Error WithDetail(base::Error error, std::string_view detail) {
  error.detail = detail;
  return error;
}

base::Error Conflict(std::string_view detail) {
  return {.code = base::ErrorCode::kAborted,
          .reason = kConflict,
          .message = "Another change came in between, so nothing was changed. Retry it.",
          .retry_after = kRetrySoon,
          .detail = std::string(detail)};
}

base::Error NotAllowed(std::string_view detail) {
  return WithDetail(base::FailedPrecondition("DATABASE_NOT_ALLOWED",
                                             "The store's database role may not do this, so nothing was changed. "
                                             "Its log says what is missing; grant it and retry."),
                    detail);
}

bool IsAnyOf(std::string_view sqlstate, std::initializer_list<std::string_view> states) {
  return std::find(states.begin(), states.end(), sqlstate) != states.end();
}

/// The connection or the server ended it: shutdowns, crashes, too many
/// connections, or a server that became a replica, which writes nothing.
bool MeansUnavailable(std::string_view sqlstate) {
  return sqlstate.starts_with("08") || IsAnyOf(sqlstate, {"57P01", "57P02", "57P03", "57P05", "53300", "25006"});
}

/// Disk full, out of memory, I/O errors.
bool MeansNotWritable(std::string_view sqlstate) {
  return sqlstate.starts_with("58") || IsAnyOf(sqlstate, {"53100", "53200", "53000"});
}

}  // namespace

base::Error DatabaseUnavailable(std::string_view detail) {
  return WithDetail(
      base::Unavailable(kUnavailable, "The store's database is away just now. Retry shortly.", kRetryLater), detail);
}

base::Error DatabaseBusy(std::string_view detail) {
  return {.code = base::ErrorCode::kResourceExhausted,
          .reason = "DATABASE_BUSY",
          .message = "All of the store's database connections are busy. Retry later.",
          .retry_after = kRetryLater,
          .detail = std::string(detail)};
}

bool IsOver(const CallScope& scope) { return std::chrono::system_clock::now() >= scope.deadline || scope.cancelled(); }

base::Error OutOfTime(const CallScope& scope) {
  if (scope.cancelled()) {
    return {.code = base::ErrorCode::kCancelled, .reason = "CANCELLED", .message = "The caller has gone."};
  }
  return {.code = base::ErrorCode::kDeadlineExceeded,
          .reason = "NO_TIME_LEFT",
          .message = "The database took all the time that this call had, so nothing was changed. Retry it with more."};
}

base::Error FromSqlState(std::string_view sqlstate, std::string_view detail, const CallScope& scope) {
  const auto described = fmt::format("{}: {}", sqlstate, detail);
  if (sqlstate == "57014") return WithDetail(OutOfTime(scope), described);
  if (sqlstate == "55P03" || sqlstate == "40001" || sqlstate == "40P01") return Conflict(described);
  if (MeansUnavailable(sqlstate)) return DatabaseUnavailable(described);
  if (MeansNotWritable(sqlstate)) return DataNotWritable(described);
  if (sqlstate == "42501") return NotAllowed(described);
  return base::Internal(described);
}

bool MayRetry(const base::Error& error) { return error.reason == kUnavailable || error.reason == kConflict; }

}  // namespace loadline::store::postgres
