#include "services/benchmark-store/repository/postgres/sql_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <pqxx/except>

#include "services/benchmark-store/repository/postgres/call_time.h"

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

/// A commit was sent, and no answer came.
base::Error NotKnown(base::Error error) {
  error.message =
      "The database did not confirm the change, so it is not known whether it was made. "
      "Retry it: what is there already is not added twice.";
  return error;
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

base::Error OutOfTime(const CallScope& scope) {
  if (scope.cancelled()) {
    return {.code = base::ErrorCode::kCancelled, .reason = "CANCELLED", .message = "The caller has gone."};
  }
  return {.code = base::ErrorCode::kDeadlineExceeded,
          .reason = "NO_TIME_LEFT",
          .message = "The database took all the time that this call had, so nothing was changed. Retry it with more."};
}

base::Error ErrorInFlight(ConnectionState state, const CallScope& scope) {
  const auto no_answer = [&](const std::exception& error) {
    return state == ConnectionState::kCutOff ? OutOfTime(scope) : DatabaseUnavailable(error.what());
  };
  try {
    throw;
  } catch (const pqxx::in_doubt_error& error) {
    return NotKnown(no_answer(error));
  } catch (const pqxx::statement_completion_unknown& error) {
    return NotKnown(no_answer(error));
  } catch (const pqxx::transaction_rollback& error) {
    return Conflict(error.what());
  } catch (const pqxx::broken_connection& error) {
    return no_answer(error);
  } catch (const pqxx::insufficient_privilege& error) {
    // It comes without its SQLSTATE.
    return NotAllowed(error.what());
  } catch (const pqxx::sql_error& error) {
    const bool answered = state == ConnectionState::kOpen || !error.sqlstate().empty();
    return answered ? FromSqlState(error.sqlstate(), error.what(), scope) : no_answer(error);
  } catch (const std::exception& error) {
    return state == ConnectionState::kOpen ? base::Internal(error.what()) : no_answer(error);
  }
}

bool MayRetry(const base::Error& error) { return error.reason == kUnavailable || error.reason == kConflict; }

}  // namespace loadline::store::postgres
