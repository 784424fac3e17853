#pragma once

#include <chrono>
#include <cstdint>

#include "libs/telemetry/metric.h"
#include "services/benchmark-store/api/import_counts.h"
#include "services/benchmark-store/repository/postgres/postgres_store.h"

namespace loadline::store {

/// What every backend can say of its data.
struct DataStats {
  domain::Revision revision = 0;
  std::int64_t benchmarks = 0;
  std::int64_t quarantined = 0;
  /// How old its knowledge of the newest revision may be.
  std::chrono::milliseconds watch_lag{0};
};
telemetry::Metrics DataMetrics(const DataStats& stats);

telemetry::Metrics DatabaseMetrics(const postgres::DatabaseStats& stats);

/// What calls did.
struct CallStats {
  ImportTotals imports = {};
  int watchers = 0;
  int max_watchers = 0;
};
telemetry::Metrics CallMetrics(const CallStats& stats);

}  // namespace loadline::store
