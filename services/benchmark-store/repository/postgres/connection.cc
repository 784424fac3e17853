#include "services/benchmark-store/repository/postgres/connection.h"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <array>

#include "services/benchmark-store/repository/postgres/sql_error.h"

namespace loadline::store::postgres {
namespace {

using std::chrono::milliseconds;
using std::chrono::system_clock;

// How often a waiting call looks whether its caller is still there.
constexpr milliseconds kCancellationPoll(20);
constexpr std::size_t kMaxParameters = 24;
constexpr milliseconds kRollbackPatience(2000);
// A timeout that the server knows is kept while it is at most this many times
// the time that is left: telling it a new one costs a round trip.
constexpr int kTimeoutSlack = 8;
constexpr milliseconds kLongestTimeout = std::chrono::hours(24);

constexpr char kSessionSettings[] =
    "SET client_min_messages = warning; SET jit = off; SET plan_cache_mode = force_generic_plan; "
    "SET TimeZone = 'UTC'; SET extra_float_digits = 3; "
    "SET idle_in_transaction_session_timeout = '60s'";

/// What a URL may override. Without them a network that swallows packets keeps
/// a call waiting for minutes.
constexpr std::array<std::pair<const char*, const char*>, 7> kDefaults = {{{"application_name", "loadline"},
                                                                           {"connect_timeout", "5"},
                                                                           {"keepalives_idle", "10"},
                                                                           {"keepalives_interval", "5"},
                                                                           {"keepalives_count", "3"},
                                                                           {"tcp_user_timeout", "10000"},
                                                                           {"client_encoding", "UTF8"}}};

pg_conn* Start(const std::string& url) {
  std::vector<const char*> keys;
  std::vector<const char*> values;
  for (const auto& [key, value] : kDefaults) {
    keys.push_back(key);
    values.push_back(value);
  }
  keys.insert(keys.end(), {"dbname", nullptr});
  values.insert(values.end(), {url.c_str(), nullptr});
  return PQconnectStartParams(keys.data(), values.data(), 1);
}

milliseconds TimeLeft(const CallScope& scope) {
  if (scope.deadline == system_clock::time_point::max()) return kLongestTimeout;
  const auto left = std::chrono::ceil<milliseconds>(scope.deadline - system_clock::now());
  return std::clamp(left, milliseconds(1), kLongestTimeout);
}

/// True when the socket is ready, or nothing can come any more.
bool Ready(int socket, short events, milliseconds patience) {
  pollfd watched = {.fd = socket, .events = events, .revents = 0};
  return ::poll(&watched, 1, static_cast<int>(patience.count())) != 0;
}

/// The server answered, and will say the same again: a wrong password, an
/// unknown database.
bool IsRefusal(std::string_view message) {
  const auto says = [&](std::string_view words) { return message.find(words) != std::string_view::npos; };
  return says("FATAL:") && !says("starting up") && !says("shutting down") && !says("too many") && !says("recovery") &&
         !says("terminating connection") && !says("connection slots") && !says("no more connections");
}

base::Error CannotConnect(pg_conn* connection) {
  const std::string_view message = PQerrorMessage(connection);
  if (!IsRefusal(message)) return DatabaseUnavailable(message);
  auto error = base::FailedPrecondition("DATABASE_REFUSED", "The database refuses the store's connections.");
  error.detail = message;
  return error;
}

base::Status AwaitConnected(pg_conn* connection, const CallScope& scope) {
  auto next = PGRES_POLLING_WRITING;
  while (next != PGRES_POLLING_OK) {
    if (next == PGRES_POLLING_FAILED) return base::Fail(CannotConnect(connection));
    const short events = next == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    if (!Ready(PQsocket(connection), events, std::min(kCancellationPoll, TimeLeft(scope)))) {
      if (IsOver(scope)) return base::Fail(OutOfTime(scope));
      continue;
    }
    next = PQconnectPoll(connection);
  }
  return {};
}

std::string_view SqlStateOf(const pg_result* result) {
  const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  return state == nullptr ? "" : state;
}

}  // namespace

base::Result<std::unique_ptr<Connection>> Connection::Open(const std::string& url, const CallScope& scope) {
  std::unique_ptr<Connection> connection(new Connection(Start(url)));
  if (connection->connection_ == nullptr || PQstatus(connection->connection_) == CONNECTION_BAD) {
    return base::Fail(CannotConnect(connection->connection_));
  }
  LOADLINE_RETURN_IF_ERROR(AwaitConnected(connection->connection_, scope));
  PQsetnonblocking(connection->connection_, 1);
  LOADLINE_RETURN_IF_ERROR(connection->Execute(kSessionSettings, scope));
  return connection;
}

Connection::~Connection() { PQfinish(connection_); }

base::Error Connection::Lost() const { return DatabaseUnavailable(PQerrorMessage(connection_)); }

bool Connection::reusable() const {
  return !must_cancel_ && PQstatus(connection_) == CONNECTION_OK && PQtransactionStatus(connection_) == PQTRANS_IDLE;
}

bool Connection::quiet() const { return !Ready(PQsocket(connection_), POLLIN, milliseconds(0)); }

int Connection::server_process() const { return PQbackendPID(connection_); }

void Connection::Cancel() {
  const std::unique_ptr<PGcancel, void (*)(PGcancel*)> cancel(PQgetCancel(connection_), PQfreeCancel);
  std::array<char, 256> ignored = {};
  if (cancel != nullptr) PQcancel(cancel.get(), ignored.data(), static_cast<int>(ignored.size()));
}

base::Result<Rows> Connection::Run(const Statement& statement, const Parameters& parameters, const CallScope& scope) {
  LOADLINE_RETURN_IF_ERROR(LimitTime(scope));
  LOADLINE_RETURN_IF_ERROR(Prepare(statement, parameters, scope));
  std::array<const char*, kMaxParameters> values = {};
  std::array<int, kMaxParameters> lengths = {};
  std::array<int, kMaxParameters> formats = {};
  formats.fill(1);
  const auto count = static_cast<std::size_t>(parameters.size());
  for (std::size_t i = 0; i < count; ++i) {
    const auto& value = parameters.values().at(i);
    values.at(i) = value ? value->data() : nullptr;
    lengths.at(i) = value ? static_cast<int>(value->size()) : 0;
  }
  return Finish(PQsendQueryPrepared(connection_, statement.name.c_str(), parameters.size(), values.data(),
                                    lengths.data(), formats.data(), 1),
                scope);
}

base::Result<Rows> Connection::Run(const std::string& sql, const Parameters& parameters, const CallScope& scope) {
  prepared_.erase("");
  return Run(Statement{.name = "", .sql = sql}, parameters, scope);
}

base::Status Connection::Prepare(const Statement& statement, const Parameters& parameters, const CallScope& scope) {
  if (prepared_.contains(statement.name)) return {};
  const int sent = PQsendPrepare(connection_, statement.name.c_str(), statement.sql.c_str(), parameters.size(),
                                 parameters.types().data());
  LOADLINE_RETURN_IF_ERROR(Finish(sent, scope));
  prepared_.insert(statement.name);
  return {};
}

base::Status Connection::Execute(const std::string& script, const CallScope& scope) {
  LOADLINE_RETURN_IF_ERROR(LimitTime(scope));
  LOADLINE_RETURN_IF_ERROR(Finish(PQsendQuery(connection_, script.c_str()), scope));
  return {};
}

base::Status Connection::Rollback(const CallScope& scope) {
  // It takes back a timeout that the transaction set.
  statement_timeout_ = milliseconds(0);
  LOADLINE_RETURN_IF_ERROR(Finish(PQsendQuery(connection_, "ROLLBACK"), scope));
  return {};
}

base::Status Connection::LimitTime(const CallScope& scope) {
  const auto left = TimeLeft(scope);
  if (statement_timeout_ >= left && statement_timeout_ <= left * kTimeoutSlack) return {};
  const auto timeout = std::min(left * 2, kLongestTimeout);
  const auto script = fmt::format("SET statement_timeout = {}", timeout.count());
  LOADLINE_RETURN_IF_ERROR(Finish(PQsendQuery(connection_, script.c_str()), scope));
  statement_timeout_ = timeout;
  return {};
}

base::Result<Rows> Connection::Finish(int sent, const CallScope& scope) {
  if (sent == 0) return base::Fail(Lost());
  LOADLINE_RETURN_IF_ERROR(Flush(scope));
  return Collect(scope);
}

base::Result<Rows> Connection::Collect(const CallScope& scope) {
  base::Result<Rows> collected = Rows(nullptr);
  while (true) {
    LOADLINE_RETURN_IF_ERROR(AwaitInput(scope));
    auto* result = PQgetResult(connection_);
    if (result == nullptr) return collected;
    const bool wants_data = PQresultStatus(result) == PGRES_COPY_IN;
    if (auto checked = Check(Rows(result), result, scope); collected) collected = std::move(checked);
    if (wants_data) return collected;
  }
}

base::Result<Rows> Connection::Check(Rows rows, pg_result* result, const CallScope& scope) {
  const auto status = PQresultStatus(result);
  if (status != PGRES_FATAL_ERROR && status != PGRES_BAD_RESPONSE) return rows;
  const auto sqlstate = SqlStateOf(result);
  if (sqlstate.empty()) return base::Fail(Lost());
  return base::Fail(FromSqlState(sqlstate, PQresultErrorMessage(result), scope));
}

base::Status Connection::AwaitSocket(short events, const CallScope& scope) {
  while (!Ready(PQsocket(connection_), events, std::min(kCancellationPoll, TimeLeft(scope)))) {
    if (!IsOver(scope)) continue;
    must_cancel_ = true;
    return base::Fail(OutOfTime(scope));
  }
  return {};
}

base::Status Connection::AwaitInput(const CallScope& scope) {
  while (PQisBusy(connection_) != 0) {
    LOADLINE_RETURN_IF_ERROR(AwaitSocket(POLLIN, scope));
    if (PQconsumeInput(connection_) == 0) return base::Fail(Lost());
  }
  return {};
}

base::Status Connection::Flush(const CallScope& scope) {
  while (true) {
    const int left = PQflush(connection_);
    if (left == 0) return {};
    if (left < 0) return base::Fail(Lost());
    LOADLINE_RETURN_IF_ERROR(AwaitSocket(POLLIN | POLLOUT, scope));
    // A server that cannot write its answers reads no more of our questions.
    if (PQconsumeInput(connection_) == 0) return base::Fail(Lost());
  }
}

base::Status Connection::CopyIn(const std::string& sql, std::string_view data, const CallScope& scope) {
  LOADLINE_RETURN_IF_ERROR(LimitTime(scope));
  LOADLINE_RETURN_IF_ERROR(Finish(PQsendQuery(connection_, sql.c_str()), scope));
  int queued = 0;
  while ((queued = PQputCopyData(connection_, data.data(), static_cast<int>(data.size()))) == 0) {
    LOADLINE_RETURN_IF_ERROR(AwaitSocket(POLLOUT, scope));
  }
  if (queued < 0) return base::Fail(Lost());
  LOADLINE_RETURN_IF_ERROR(Flush(scope));
  while ((queued = PQputCopyEnd(connection_, nullptr)) == 0) LOADLINE_RETURN_IF_ERROR(AwaitSocket(POLLOUT, scope));
  LOADLINE_RETURN_IF_ERROR(Finish(queued > 0 ? 1 : 0, scope));
  return {};
}

base::Result<bool> Connection::AwaitNotification(milliseconds wait) {
  const bool ready = Ready(PQsocket(connection_), POLLIN, wait);
  if (ready && PQconsumeInput(connection_) == 0) return base::Fail(Lost());
  bool any = false;
  while (auto* notification = PQnotifies(connection_)) {
    any = true;
    PQfreemem(notification);
  }
  return any;
}

base::Result<Transaction> Transaction::Begin(Connection& connection, const CallScope& scope) {
  LOADLINE_RETURN_IF_ERROR(connection.Execute("BEGIN", scope));
  return Transaction(connection);
}

base::Result<Transaction> Transaction::BeginSnapshot(Connection& connection, const CallScope& scope) {
  LOADLINE_RETURN_IF_ERROR(connection.Execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", scope));
  return Transaction(connection);
}

Transaction::~Transaction() {
  if (connection_ == nullptr || connection_->must_cancel()) return;
  // Where this fails, the connection is not reusable and will be closed.
  static_cast<void>(connection_->Rollback({.deadline = system_clock::now() + kRollbackPatience}));
}

base::Status Transaction::Commit(const CallScope& scope) {
  auto& connection = *std::exchange(connection_, nullptr);
  return connection.Execute("COMMIT", scope);
}

base::Status CheckUrl(const std::string& url, std::string_view field) {
  char* message = nullptr;
  auto* options = PQconninfoParse(url.c_str(), &message);
  PQfreemem(message);
  if (options == nullptr) {
    return base::Fail(
        base::InvalidArgument(field,
                              "is not a connection string; write postgresql://USER:PASSWORD@HOST:PORT/DATABASE, "
                              "with characters that URLs do not allow as %XX"));
  }
  PQconninfoFree(options);
  return {};
}

}  // namespace loadline::store::postgres
