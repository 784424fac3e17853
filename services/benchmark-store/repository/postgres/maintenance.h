#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "services/benchmark-store/repository/postgres/connection.h"

namespace loadline::store::postgres {

/// What one round found.
struct MaintenanceFindings {
  /// Dated benchmarks of months that get no partition of their own; nullopt
  /// where nothing changed since they were counted last.
  std::optional<std::int64_t> outside_partitions;
};

/// Does for the database what is due, each task in a transaction of its own:
///
/// - makes the partitions of this month and the next two, and of every month
///   that the default partition holds benchmarks of;
/// - refreshes `daily_model_stats`, readers not kept waiting;
/// - analyses the tables once a tenth of the benchmarks is new, because
///   autovacuum does so for partitions but not for what they are parts of.
///
/// Stores take turns: what another one is at, or has done, is not done again.
/// A task rests for twenty times as long as it took.
base::Result<MaintenanceFindings> Maintain(Connection& connection, const CallScope& scope);

/// Maintains a database in a thread of its own, over a connection of its own
/// that is open only meanwhile. Thread-safe.
class Maintenance {
 public:
  /// `on_event(name, message)` is called by the thread when a round fails, once
  /// while the reason is the same, and when benchmarks lie outside partitions.
  using OnEvent = std::function<void(const char* event, const std::string& message)>;

  Maintenance(std::string url, std::chrono::milliseconds interval, OnEvent on_event);
  /// Ends what is under way.
  ~Maintenance();
  Maintenance(const Maintenance&) = delete;
  Maintenance& operator=(const Maintenance&) = delete;

 private:
  void Run();
  void Round();
  void Report(const base::Error& error);
  bool Rest();
  bool stopping() const;

  const std::string url_;
  const std::chrono::milliseconds interval_;
  const OnEvent on_event_;
  std::string last_failure_;
  mutable std::mutex mutex_;
  std::condition_variable stopped_;
  bool stopping_ = false;  // guarded by mutex_
  std::jthread thread_;
};

}  // namespace loadline::store::postgres
