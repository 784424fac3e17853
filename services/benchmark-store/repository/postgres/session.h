#pragma once

#include <memory>
#include <pqxx/pqxx>
#include <set>
#include <string>

#include "services/benchmark-store/repository/postgres/dial.h"

namespace loadline::store::postgres {

/// Hands libpqxx a connection that is open, once. It cannot open another.
class OpenLine : public pqxx::connectionpolicy {
 public:
  explicit OpenLine(Line line) : connectionpolicy(""), line_(std::move(line)) {}
  handle do_startconnect(handle known) override { return known != nullptr ? known : line_.release(); }

 private:
  Line line_;
};

/// libpqxx's side of a connection. Its members throw libpqxx's exceptions.
class Session : public pqxx::connection_base {
 public:
  explicit Session(Line line);
  ~Session();

  /// Runs `use(transaction)` in the transaction that is open, or in none.
  template <typename Use>
  pqxx::result InTransaction(const Use& use) {
    if (transaction) return use(*transaction);
    pqxx::nontransaction none(*this);
    return use(none);
  }

  pqxx::result Execute(const std::string& script);
  /// Lines as COPY takes them, the last one ended too.
  pqxx::result CopyIn(const std::string& into, std::string_view lines);
  void Listen(const std::string& channel);
  void StopListening() { listener_.reset(); }

  std::unique_ptr<pqxx::dbtransaction> transaction;

 private:
  /// Notifications are only counted.
  struct Listener : pqxx::notification_receiver {
    using pqxx::notification_receiver::notification_receiver;
    void operator()(const std::string&, int) override {}
  };

  OpenLine policy_;
  // Or libpq prints the server's notices.
  std::unique_ptr<pqxx::quiet_errorhandler> quiet_;
  std::unique_ptr<Listener> listener_;
};

}  // namespace loadline::store::postgres
