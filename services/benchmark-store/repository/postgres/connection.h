#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "libs/base/result.h"
#include "services/benchmark-store/repository/benchmark_repository.h"
#include "services/benchmark-store/repository/postgres/dial.h"
#include "services/benchmark-store/repository/postgres/parameters.h"
#include "services/benchmark-store/repository/postgres/rows.h"
#include "services/benchmark-store/repository/postgres/watch.h"

namespace loadline::store::postgres {

class Session;

/// A statement that connections prepare once. `name` is unique to `sql`.
struct Statement {
  std::string name;
  std::string sql;
};

/// One connection to PostgreSQL, for one thread at a time.
///
/// Nothing waits longer than its scope: when its time is up or its caller has
/// gone, a watch cuts the connection off, so that the call fails at once; the
/// connection is then `abandoned`. The server hears of it within 100 ms, and
/// besides has a statement_timeout of at least the time that is left. A call
/// whose scope is over before it starts leaves the connection as it is.
class Connection {
 public:
  /// `url` is what libpq takes: a URL or key=value pairs, several hosts
  /// allowed. `watch` may be shared with others; without one, the connection
  /// has its own. Fails as Dial.
  static base::Result<std::unique_ptr<Connection>> Open(const std::string& url, const CallScope& scope,
                                                        std::shared_ptr<Watch> watch = nullptr);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  base::Result<Rows> Run(const Statement& statement, const Parameters& parameters, const CallScope& scope);
  /// The same; `sql` is only asked where the connection has not prepared the
  /// statement yet.
  base::Result<Rows> Run(const std::string& name, const std::function<std::string()>& sql, const Parameters& parameters,
                         const CallScope& scope);
  /// The same without preparing: for what runs seldom.
  base::Result<Rows> Run(const std::string& sql, const Parameters& parameters, const CallScope& scope);
  /// Any number of statements without parameters and results.
  base::Status Execute(const std::string& script, const CallScope& scope);

  /// `COPY <into> FROM STDIN` of all of `lines`, as CopyBuffer writes them, or
  /// of none. `into` is a table, with its columns in brackets where not all are given.
  base::Status CopyIn(const std::string& into, std::string_view lines, const CallScope& scope);

  /// Has notifications of one channel sent from now on.
  base::Status Listen(const std::string& channel, const CallScope& scope);
  /// Waits for a notification, and swallows all that are there. False: `wait`
  /// is over.
  base::Result<bool> AwaitNotification(std::chrono::milliseconds wait);

  /// It may be lent again: open, and in no transaction.
  bool reusable() const;
  /// The server has sent nothing since it answered last, as it does when it
  /// ends a connection.
  bool quiet() const;
  /// Cut off, because a call's scope was over. Other connections to the same
  /// server may be well.
  bool abandoned() const { return abandoned_; }
  /// What identifies it at the server (pg_stat_activity).
  int server_process() const;

 private:
  friend class Transaction;

  Connection(std::unique_ptr<Session> session, int socket, std::shared_ptr<Watch> watch);

  // These throw, to be called within Attempt.
  void LimitTime(const CallScope& scope);
  void Prepare(const std::string& name, const std::function<std::string()>& sql, const Parameters& parameters);
  template <typename Call>
  base::Result<Rows> Attempt(const CallScope& scope, const Call& call);
  template <typename Call>
  base::Result<Rows> AttemptInTime(const CallScope& scope, const Call& call);

  base::Status Begin(const CallScope& scope, bool snapshot);
  base::Status Commit(const CallScope& scope);
  void Rollback();

  const std::shared_ptr<Watch> watch_;
  std::unique_ptr<Session> session_;
  // A second descriptor of the connection's socket: libpq may close the first
  // in the middle of a call, and the watch must not shut down whatever gets its
  // number next.
  const int socket_;
  std::set<std::string, std::less<>> prepared_;
  /// What the server knows; 0 is none.
  std::chrono::milliseconds statement_timeout_{0};
  bool abandoned_ = false;
  /// A statement of the open transaction failed.
  bool transaction_failed_ = false;
};

/// A transaction, rolled back unless committed.
class Transaction {
 public:
  static base::Result<Transaction> Begin(Connection& connection, const CallScope& scope);
  /// One that reads the database as it is at its first statement.
  static base::Result<Transaction> BeginSnapshot(Connection& connection, const CallScope& scope);
  Transaction(Transaction&& other) noexcept : connection_(std::exchange(other.connection_, nullptr)) {}
  ~Transaction();

  /// Where the connection is lost or the time is up meanwhile, the error says
  /// that it is not known whether the changes were made.
  base::Status Commit(const CallScope& scope);

 private:
  explicit Transaction(Connection& connection) : connection_(&connection) {}
  Connection* connection_;
};

}  // namespace loadline::store::postgres
