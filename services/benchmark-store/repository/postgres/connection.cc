#include "services/benchmark-store/repository/postgres/connection.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include "services/benchmark-store/repository/postgres/call_time.h"
#include "services/benchmark-store/repository/postgres/session.h"
#include "services/benchmark-store/repository/postgres/sql_error.h"

namespace loadline::store::postgres {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kRollbackPatience(2000);
constexpr milliseconds kFarewellPatience(200);
// A timeout that the server knows is kept while it is at most this many times
// the time that is left: telling it a new one costs a round trip.
constexpr int kTimeoutSlack = 8;

// With the keepalives the server notices within half a minute that we have
// vanished. The last one is what ends a query that nobody waits for any more. Servers on
// some systems cannot: there only statement_timeout ends it.
constexpr char kSessionSettings[] =
    "SET client_min_messages = warning; SET jit = off; SET plan_cache_mode = force_generic_plan; "
    "SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET bytea_output = 'hex'; SET extra_float_digits = 3; "
    "SET idle_in_transaction_session_timeout = '60s'; SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; "
    "SET tcp_keepalives_count = 3; SET tcp_user_timeout = 10000; "
    "DO $$ BEGIN PERFORM set_config('client_connection_check_interval', '100ms', false); "
    "EXCEPTION WHEN OTHERS THEN NULL; END $$";

base::Error DescriptorsUsedUp() { return DatabaseUnavailable("this process has no file descriptor left"); }

}  // namespace

base::Result<std::unique_ptr<Connection>> Connection::Open(const std::string& url, const CallScope& scope,
                                                           std::shared_ptr<Watch> watch) {
  LOADLINE_ASSIGN_OR_RETURN(auto line, Dial(url, scope));
  auto session = std::make_unique<Session>(std::move(line));
  const int socket = ::fcntl(session->sock(), F_DUPFD_CLOEXEC, 0);
  if (socket < 0) return base::Fail(DescriptorsUsedUp());
  if (watch == nullptr) watch = std::make_shared<Watch>();
  std::unique_ptr<Connection> connection(new Connection(std::move(session), socket, std::move(watch)));
  LOADLINE_RETURN_IF_ERROR(connection->Execute(kSessionSettings, scope));
  return connection;
}

Connection::Connection(std::unique_ptr<Session> session, int socket, std::shared_ptr<Watch> watch)
    : watch_(std::move(watch)), session_(std::move(session)), socket_(socket) {}

Connection::~Connection() {
  static_cast<void>(AttemptInTime(Within(kFarewellPatience), [&] {
    session_.reset();
    return pqxx::result();
  }));
  ::close(socket_);
}

bool Connection::reusable() const { return !abandoned_ && session_->is_open() && !session_->transaction; }

bool Connection::quiet() const {
  pollfd watched = {.fd = socket_, .events = POLLIN, .revents = 0};
  return ::poll(&watched, 1, 0) == 0;
}

int Connection::server_process() const { return session_->backendpid(); }

/// The one place where libpqxx is called and its exceptions end. `call` throws
/// or returns a result.
template <typename Call>
base::Result<Rows> Connection::AttemptInTime(const CallScope& scope, const Call& call) {
  const Watch::Call watched(*watch_, socket_, scope);
  try {
    Rows rows(call());
    abandoned_ = abandoned_ || watched.was_cut_off();
    return rows;
  } catch (...) {
    abandoned_ = abandoned_ || watched.was_cut_off();
    const auto state = session_->is_open() ? ConnectionState::kOpen : ConnectionState::kLost;
    return base::Fail(ErrorInFlight(watched.was_cut_off() ? ConnectionState::kCutOff : state, scope));
  }
}

template <typename Call>
base::Result<Rows> Connection::Attempt(const CallScope& scope, const Call& call) {
  if (IsOver(scope)) return base::Fail(OutOfTime(scope));
  // libpqxx would run the next statement of a failed transaction alone.
  if (session_->transaction && transaction_failed_) return base::Fail(base::Internal("the transaction has failed"));
  auto rows = AttemptInTime(scope, [&] {
    LimitTime(scope);
    return call();
  });
  transaction_failed_ = !rows;
  return rows;
}

base::Result<Rows> Connection::Run(const Statement& statement, const Parameters& parameters, const CallScope& scope) {
  const auto sql = [&statement] { return statement.sql; };
  return Run(statement.name, sql, parameters, scope);
}

base::Result<Rows> Connection::Run(const std::string& name, const std::function<std::string()>& sql,
                                   const Parameters& parameters, const CallScope& scope) {
  return Attempt(scope, [&] {
    Prepare(name, sql, parameters);
    return session_->InTransaction([&](pqxx::transaction_base& open) {
      return open.exec_prepared(name, pqxx::prepare::make_dynamic_params(parameters.values()));
    });
  });
}

base::Result<Rows> Connection::Run(const std::string& sql, const Parameters& parameters, const CallScope& scope) {
  return Attempt(scope, [&] {
    return session_->InTransaction([&](pqxx::transaction_base& open) {
      return open.exec_params(parameters.Typed(sql), pqxx::prepare::make_dynamic_params(parameters.values()));
    });
  });
}

void Connection::Prepare(const std::string& name, const std::function<std::string()>& sql,
                         const Parameters& parameters) {
  if (prepared_.contains(name)) return;
  session_->prepare(name, parameters.Typed(sql()));
  prepared_.insert(name);
}

base::Status Connection::Execute(const std::string& script, const CallScope& scope) {
  LOADLINE_RETURN_IF_ERROR(Attempt(scope, [&] { return session_->Execute(script); }));
  return {};
}

base::Status Connection::CopyIn(const std::string& into, std::string_view lines, const CallScope& scope) {
  LOADLINE_RETURN_IF_ERROR(Attempt(scope, [&] { return session_->CopyIn(into, lines); }));
  return {};
}

base::Status Connection::Listen(const std::string& channel, const CallScope& scope) {
  LOADLINE_RETURN_IF_ERROR(Attempt(scope, [&] {
    session_->Listen(channel);
    return pqxx::result();
  }));
  return {};
}

base::Result<bool> Connection::AwaitNotification(milliseconds wait) {
  // This wait has a limit of its own, so nobody need watch it.
  try {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(wait);
    return session_->await_notification(seconds.count(), std::chrono::microseconds(wait - seconds).count()) > 0;
  } catch (...) {
    return base::Fail(ErrorInFlight(ConnectionState::kLost, {}));
  }
}

void Connection::LimitTime(const CallScope& scope) {
  const auto left = TimeLeft(scope);
  if (statement_timeout_ >= left && statement_timeout_ <= left * kTimeoutSlack) return;
  const auto timeout = std::min(left * 2, kLongestTime);
  session_->Execute(fmt::format("SET statement_timeout = {}", timeout.count()));
  statement_timeout_ = timeout;
}

base::Status Connection::Begin(const CallScope& scope, bool snapshot) {
  using Snapshot = pqxx::transaction<pqxx::repeatable_read, pqxx::read_only>;
  LOADLINE_RETURN_IF_ERROR(Attempt(scope, [&] {
    if (snapshot) {
      session_->transaction = std::make_unique<Snapshot>(*session_);
    } else {
      session_->transaction = std::make_unique<pqxx::work>(*session_);
    }
    return pqxx::result();
  }));
  return {};
}

base::Status Connection::Commit(const CallScope& scope) {
  LOADLINE_RETURN_IF_ERROR(Attempt(scope, [&] {
    session_->transaction->commit();
    session_->transaction.reset();
    return pqxx::result();
  }));
  return {};
}

void Connection::Rollback() {
  if (!session_->transaction) return;
  // It takes back a timeout that the transaction set.
  statement_timeout_ = milliseconds(0);
  transaction_failed_ = false;
  // Where this fails, the connection is not reusable and will be closed.
  static_cast<void>(AttemptInTime(Within(kRollbackPatience), [&] {
    session_->transaction.reset();
    return pqxx::result();
  }));
}

base::Result<Transaction> Transaction::Begin(Connection& connection, const CallScope& scope) {
  LOADLINE_RETURN_IF_ERROR(connection.Begin(scope, false));
  return Transaction(connection);
}

base::Result<Transaction> Transaction::BeginSnapshot(Connection& connection, const CallScope& scope) {
  LOADLINE_RETURN_IF_ERROR(connection.Begin(scope, true));
  return Transaction(connection);
}

Transaction::~Transaction() {
  if (connection_ != nullptr) connection_->Rollback();
}

base::Status Transaction::Commit(const CallScope& scope) { return connection_->Commit(scope); }

}  // namespace loadline::store::postgres
