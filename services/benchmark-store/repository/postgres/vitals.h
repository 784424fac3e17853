#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>

#include "services/benchmark-store/repository/postgres/pool.h"

namespace loadline::store::postgres {

/// How a database does, beyond what calls find out.
struct Vitals {
  /// Of the oldest open transaction of the database, ours included, as far as
  /// the role may see (others' with pg_read_all_stats); 0 for none.
  std::chrono::milliseconds oldest_transaction{0};
  std::int64_t quarantined = 0;
  /// The last migration that it has.
  int schema_version = 0;
};

base::Result<Vitals> ReadVitals(Connection& connection, const CallScope& scope);

/// Vitals as they were at most 15 s ago, or when the database could be asked
/// last. Reads them when they are asked for: a store that nobody watches asks
/// nothing. Thread-safe.
class VitalsMonitor {
 public:
  static constexpr std::chrono::seconds kInterval{15};
  /// How long an answer may take, with waiting for a connection.
  static constexpr std::chrono::milliseconds kPatience{1000};

  /// `pool` must outlive it.
  explicit VitalsMonitor(Pool& pool) : pool_(pool) {}

  Vitals Read();

 private:
  Pool& pool_;
  std::mutex mutex_;
  // Guarded by mutex_.
  Vitals last_;
  std::chrono::steady_clock::time_point asked_ = {};
};

}  // namespace loadline::store::postgres
