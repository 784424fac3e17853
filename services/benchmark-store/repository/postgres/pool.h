#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "services/benchmark-store/repository/postgres/connection.h"
#include "services/benchmark-store/repository/postgres/watch.h"

namespace loadline::store::postgres {

struct PoolOptions {
  /// What libpq connects to.
  std::string url;
  /// Connections that are kept open even when nobody needs them.
  int min_connections = 0;
  int max_connections = 16;
  /// How long a call waits for one when all are busy.
  std::chrono::milliseconds acquire_timeout = std::chrono::seconds(2);
  /// Older ones are closed when they are free, so that load spreads anew after
  /// a failover.
  std::chrono::milliseconds max_lifetime = std::chrono::minutes(30);
  /// Free ones are tried after so long without use.
  std::chrono::milliseconds idle_check = std::chrono::seconds(30);
};

/// What a pool did and has; for metrics.
struct PoolStats {
  /// Open ones, whether free or lent.
  int open = 0;
  int idle = 0;
  int waiting = 0;
  std::int64_t lent = 0;
  /// What calls spent waiting, together.
  std::chrono::nanoseconds waited{0};
  /// Calls that found all busy and gave up.
  std::int64_t timeouts = 0;
  /// Connections that were opened.
  std::int64_t connects = 0;
  /// Those that could not be.
  std::int64_t failed_connects = 0;
  /// Connections closed because they broke or were abandoned.
  std::int64_t discarded = 0;
};

class Pool;

/// A lent connection, given back when destroyed.
class Lease {
 public:
  Lease(Lease&& other) noexcept : pool_(other.pool_), entry_(std::move(other.entry_)) {}
  Lease& operator=(Lease&&) = delete;
  ~Lease();
  Connection& operator*() const { return *entry_.connection; }
  Connection* operator->() const { return entry_.connection.get(); }

 private:
  friend Pool;
  struct Entry {
    std::unique_ptr<Connection> connection;
    std::chrono::steady_clock::time_point opened = {};
    std::chrono::steady_clock::time_point used = {};
  };
  Lease(Pool& pool, Entry entry) : pool_(&pool), entry_(std::move(entry)) {}

  Pool* pool_;
  Entry entry_;
};

/// Connections to one database, lent to one call at a time. Thread-safe; must
/// outlive its leases.
///
/// A connection that comes back broken is closed, and with it all free ones,
/// which a restart of the server has broken too. One that was abandoned says
/// nothing of the others: it is closed alone.
class Pool {
 public:
  explicit Pool(PoolOptions options);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  /// Fails with `kResourceExhausted` (`DATABASE_BUSY`) when all stay busy for
  /// the acquire timeout, and as Connection::Open.
  base::Result<Lease> Acquire(const CallScope& scope);

  PoolStats stats() const;
  int max_connections() const { return options_.max_connections; }

 private:
  friend Lease;
  using Entry = Lease::Entry;
  using Clock = std::chrono::steady_clock;

  base::Status AwaitFree(std::unique_lock<std::mutex>& lock, const CallScope& scope);
  base::Result<Lease> Open(const CallScope& scope);
  void TakeBack(Entry entry);
  void Forget(int count);

  void Maintain();
  CallScope MaintenanceScope();
  void CloseExpired();
  void CheckIdle();
  void KeepMinimum();
  std::vector<Entry> TakeIdle(const std::function<bool(const Entry&)>& wanted);

  const PoolOptions options_;
  const std::shared_ptr<Watch> watch_ = std::make_shared<Watch>();
  mutable std::mutex mutex_;
  std::condition_variable freed_;
  std::condition_variable wake_;
  // All guarded by mutex_.
  std::deque<Entry> idle_;
  PoolStats stats_;
  std::atomic<bool> stopping_ = false;
  std::jthread keeper_;
};

}  // namespace loadline::store::postgres
