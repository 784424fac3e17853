#include "services/benchmark-store/store_metrics.h"

#include <string>
#include <utility>
#include <vector>

namespace loadline::store {
namespace {

using postgres::NamedPool;
using telemetry::Counter;
using telemetry::Gauge;
using telemetry::Metric;
using telemetry::Metrics;
using telemetry::Sample;

double Seconds(std::chrono::nanoseconds time) { return std::chrono::duration<double>(time).count(); }

/// One value of each pool.
template <typename Value>
std::vector<Sample> OfEach(const std::vector<NamedPool>& pools, const Value& value) {
  std::vector<Sample> samples;
  for (const auto& pool : pools) {
    samples.push_back({.labels = {{"pool", pool.name}}, .value = static_cast<double>(value(pool.stats))});
  }
  return samples;
}

Metric PoolConnections(const std::vector<NamedPool>& pools) {
  std::vector<Sample> samples;
  for (const auto& pool : pools) {
    const auto add = [&](const char* state, int count) {
      samples.push_back({.labels = {{"pool", pool.name}, {"state", state}}, .value = static_cast<double>(count)});
    };
    add("idle", pool.stats.idle);
    add("in_use", pool.stats.open - pool.stats.idle);
  }
  return Gauge("loadline_db_pool_connections", "Open connections: idle or in_use.", std::move(samples));
}

Metric PoolLimits(const std::vector<NamedPool>& pools) {
  std::vector<Sample> samples;
  for (const auto& pool : pools) {
    samples.push_back({.labels = {{"pool", pool.name}}, .value = static_cast<double>(pool.max_connections)});
  }
  return Gauge("loadline_db_pool_max_connections", "The most connections that a pool may have.", std::move(samples));
}

Metrics PoolMetrics(const std::vector<NamedPool>& pools) {
  using Stats = postgres::PoolStats;
  const auto of_each = [&](const auto& value) { return OfEach(pools, value); };
  return {
      PoolConnections(pools),
      PoolLimits(pools),
      Gauge("loadline_db_pool_waiting", "Calls that wait for a connection now.",
            of_each([](const Stats& stats) { return stats.waiting; })),
      Counter("loadline_db_pool_wait_seconds_total", "Time that calls waited for a connection.",
              of_each([](const Stats& stats) { return Seconds(stats.waited); })),
      Counter("loadline_db_pool_acquires_total", "Connections that were lent.",
              of_each([](const Stats& stats) { return stats.lent; })),
      Counter("loadline_db_pool_acquire_timeouts_total", "Calls that found all connections busy and gave up.",
              of_each([](const Stats& stats) { return stats.timeouts; })),
      Counter("loadline_db_pool_connects_total", "Connections that were opened.",
              of_each([](const Stats& stats) { return stats.connects; })),
      Counter("loadline_db_pool_connect_failures_total", "Connections that could not be opened.",
              of_each([](const Stats& stats) { return stats.failed_connects; })),
      Counter("loadline_db_pool_discarded_total", "Connections that were closed because they broke or were abandoned.",
              of_each([](const Stats& stats) { return stats.discarded; }))};
}

std::vector<Sample> Split(const char* label, const std::vector<std::pair<const char*, std::int64_t>>& parts) {
  std::vector<Sample> samples;
  for (const auto& [name, value] : parts) {
    samples.push_back({.labels = {{label, name}}, .value = static_cast<double>(value)});
  }
  return samples;
}

}  // namespace

Metrics DataMetrics(const DataStats& stats) {
  return {
      Gauge("loadline_store_revision", "The last change that the store knows of.", static_cast<double>(stats.revision)),
      Gauge("loadline_store_benchmarks", "Benchmarks that the store has.", static_cast<double>(stats.benchmarks)),
      Gauge("loadline_quarantined_rows", "Rows in quarantine.", static_cast<double>(stats.quarantined)),
      Gauge("loadline_watch_lag_seconds", "How old the store's knowledge of the newest revision may be.",
            Seconds(stats.watch_lag))};
}

Metrics DatabaseMetrics(const postgres::DatabaseStats& stats) {
  Metrics metrics = PoolMetrics(stats.pools);
  metrics.push_back(
      Gauge("loadline_db_reachable", "1 while the database can be followed, else 0.", stats.reachable ? 1.0 : 0.0));
  metrics.push_back(Gauge("loadline_db_oldest_transaction_age_seconds",
                          "Age of the oldest transaction of the database, at most 15 s ago; 0 for none.",
                          Seconds(stats.vitals.oldest_transaction)));
  metrics.push_back(Gauge("loadline_schema_version", "Version of the database's schema.", stats.vitals.schema_version));
  return metrics;
}

Metrics CallMetrics(const CallStats& stats) {
  const auto& imports = stats.imports;
  return {
      Counter("loadline_imports_total", "Imports that ended: committed, validated or failed.",
              Split("result",
                    {{"committed", imports.committed}, {"validated", imports.validated}, {"failed", imports.failed}})),
      Counter("loadline_import_rows_total",
              "Rows of imports that ended well: accepted, already_present or quarantined.",
              Split("outcome", {{"accepted", imports.rows_accepted},
                                {"already_present", imports.rows_already_present},
                                {"quarantined", imports.rows_quarantined}})),
      Gauge("loadline_watchers", "Watches that run now.", stats.watchers),
      Gauge("loadline_watchers_max", "Watches that may run at once.", stats.max_watchers)};
}

}  // namespace loadline::store
