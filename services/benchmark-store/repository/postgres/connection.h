#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "libs/base/result.h"
#include "services/benchmark-store/repository/benchmark_repository.h"
#include "services/benchmark-store/repository/postgres/parameters.h"
#include "services/benchmark-store/repository/postgres/rows.h"

// libpq's own name for a connection, which users of this header need not
// include.
struct pg_conn;

namespace loadline::store::postgres {

/// A statement that connections prepare once. `name` is unique to `sql`.
struct Statement {
  std::string name;
  std::string sql;
};

/// One connection to PostgreSQL, for one thread at a time.
///
/// Nothing waits longer than its scope: when its time is up or its caller has
/// gone, the call fails at once and the connection is left as it is
/// (`must_cancel`), to be cancelled and closed elsewhere. The server is told as
/// well, by a statement_timeout of at least the time that is left.
class Connection {
 public:
  /// `url` is what libpq takes: a URL or key=value pairs, several hosts
  /// allowed. Fails with `kUnavailable`, or `kFailedPrecondition`
  /// (`DATABASE_REFUSED`) where the server answered and said no.
  static base::Result<std::unique_ptr<Connection>> Open(const std::string& url, const CallScope& scope);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  base::Result<Rows> Run(const Statement& statement, const Parameters& parameters, const CallScope& scope);
  /// The same without preparing: for what runs seldom.
  base::Result<Rows> Run(const std::string& sql, const Parameters& parameters, const CallScope& scope);
  /// Any number of statements without parameters and results.
  base::Status Execute(const std::string& script, const CallScope& scope);

  /// Ends a transaction without its changes.
  base::Status Rollback(const CallScope& scope);

  /// `COPY ... FROM STDIN` of all of `data`.
  base::Status CopyIn(const std::string& sql, std::string_view data, const CallScope& scope);

  /// Waits for a notification of a channel that it listens to, and swallows
  /// all that are there. False: `wait` is over.
  base::Result<bool> AwaitNotification(std::chrono::milliseconds wait);

  /// It may be lent again: open, in no transaction, with nothing under way.
  bool reusable() const;
  /// The server has sent nothing since it answered last, as it does when it
  /// ends a connection.
  bool quiet() const;
  /// A statement is still running that nobody waits for.
  bool must_cancel() const { return must_cancel_; }
  /// Ends what runs, as far as the server lets it. May wait for the network.
  void Cancel();
  /// What identifies it at the server (pg_stat_activity).
  int server_process() const;

 private:
  explicit Connection(pg_conn* connection) : connection_(connection) {}

  base::Status Prepare(const Statement& statement, const Parameters& parameters, const CallScope& scope);
  base::Status LimitTime(const CallScope& scope);
  base::Result<Rows> Finish(int sent, const CallScope& scope);
  base::Result<Rows> Collect(const CallScope& scope);
  base::Result<Rows> Check(Rows rows, pg_result* result, const CallScope& scope);
  base::Status Flush(const CallScope& scope);
  base::Status AwaitInput(const CallScope& scope);
  base::Status AwaitSocket(short events, const CallScope& scope);
  base::Error Lost() const;

  pg_conn* const connection_;
  std::set<std::string, std::less<>> prepared_;
  /// What the server knows; 0 is none.
  std::chrono::milliseconds statement_timeout_{0};
  bool must_cancel_ = false;
};

/// A transaction, rolled back unless committed.
class Transaction {
 public:
  static base::Result<Transaction> Begin(Connection& connection, const CallScope& scope);
  /// One that reads the database as it is at its first statement.
  static base::Result<Transaction> BeginSnapshot(Connection& connection, const CallScope& scope);
  Transaction(Transaction&& other) noexcept : connection_(std::exchange(other.connection_, nullptr)) {}
  ~Transaction();

  /// Fails with `kUnavailable` where the connection is lost: then it is not
  /// known whether the changes were made.
  base::Status Commit(const CallScope& scope);

 private:
  explicit Transaction(Connection& connection) : connection_(&connection) {}
  Connection* connection_;
};

/// Whether libpq can read it; the error names `field` and not the text, which
/// may hold a password.
base::Status CheckUrl(const std::string& url, std::string_view field);

}  // namespace loadline::store::postgres
