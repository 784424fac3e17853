#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "libs/testing/crash_cleanup.h"
#include "libs/testing/process.h"
#include "libs/testing/temp_dir.h"

namespace loadline::testing {

/// A private PostgreSQL 15 in a temporary folder, on a free port of 127.0.0.1
/// that it keeps across restarts. Run as the user `postgres` where we are root,
/// who may not run it. Gone with its folder at the end, also after a crash.
///
/// Two roles need no password: `postgres`, the superuser, and `loadline`, which
/// owns the databases of tests and may do no more. Every other role needs one.
///
/// All members throw `std::runtime_error`, with what PostgreSQL said, when they
/// cannot do what they promise. Use it from the test's main thread.
class PostgresServer {
 public:
  using Settings = std::map<std::string, std::string>;
  using Fill = std::function<void(const std::filesystem::path& data_dir)>;

  /// Initialises and starts. Unless `settings` say otherwise it trades what
  /// survives a power failure for speed (`fsync` and its like are off).
  explicit PostgresServer(Settings settings = {});
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  /// Returns once connections are accepted.
  void Start();
  /// Ends every connection, then the server, in good order (SIGINT).
  void Stop();
  /// The server and all its children die at once, as if the machine had.
  void Kill9();
  void Restart();

  int port() const { return port_; }
  std::filesystem::path data_dir() const { return folder_ / "data"; }
  /// What it has logged since its start.
  std::string Log() const;

  /// `postgresql://role@127.0.0.1:port/database`. The password must need no
  /// escaping.
  std::string Url(std::string_view database, std::string_view role = "loadline", std::string_view password = {}) const;

  /// Runs SQL as the superuser, several statements as one transaction, and
  /// returns what it prints: rows in lines, columns parted by `|`.
  std::string Psql(const std::string& sql, std::string_view database = "postgres") const;
  /// Whether the SQL answers `t`, as soon as it does; false after 10 s.
  bool Await(const std::string& sql, std::string_view database = "postgres") const;
  /// A role that may log in with this password and owns nothing.
  void CreateRole(const std::string& name, const std::string& password) const;

  /// A server on the data that `fill` puts into its folder, such as a backup.
  static std::unique_ptr<PostgresServer> On(const Fill& fill);
  /// A server that streams from this one, started, and reads only.
  std::unique_ptr<PostgresServer> Replica();
  /// Whether it has replayed all that `primary` has written; false after 10 s.
  bool AwaitReplay(const PostgresServer& primary) const;
  /// Turns a replica into a primary that takes writes.
  void Promote() const;

 private:
  PostgresServer(Settings settings, const Fill& fill);

  bool TryToStart();

  TempDir folder_;
  CrashCleanup cleanup_;
  Settings settings_;
  int port_;
  std::unique_ptr<Process> process_;
};

/// A new database of a server, owned by `loadline`, dropped at the end with
/// all who are still connected.
class TestDatabase {
 public:
  /// A copy of the database `of`, to which nobody may be connected.
  explicit TestDatabase(const PostgresServer& server, std::string_view of = "template1");
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  const std::string& name() const { return name_; }
  std::string url() const { return server_.Url(name_); }
  std::string Psql(const std::string& sql) const { return server_.Psql(sql, name_); }
  bool Await(const std::string& sql) const { return server_.Await(sql, name_); }

 private:
  const PostgresServer& server_;
  std::string name_;
};

/// The one server of this test program, started on first use: a second or so
/// that its tests pay once. Tests that stop, kill or fill it take one of their
/// own.
const PostgresServer& SharedPostgres();

}  // namespace loadline::testing
