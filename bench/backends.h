#pragma once

#include <cstdint>
#include <string>

#include "bench/data_set.h"
#include "bench/services.h"

namespace loadline::bench {

/// A benchmark-store on one backend. Times in microseconds, memory in bytes.
struct BackendFigures {
  double imported_per_second = 0;
  /// The most that the store held until the import was answered.
  std::int64_t import_bytes = 0;
  /// How long a store takes to start with the data, in milliseconds.
  double start_ms = 0;
  /// What a store that has answered calls holds.
  std::int64_t resident_bytes = 0;
  /// FindClosestBenchmark and the empty call, over one connection.
  double closest_p50 = 0;
  double empty_p50 = 0;
  /// SearchModels, over one connection.
  double search_p50 = 0;
  /// Over 16 connections at once.
  double closest_per_second = 0;
  double empty_per_second = 0;
};

/// What PostgreSQL's own tools reach on the same server.
struct ToolFigures {
  /// `psql \copy` of the same rows into the same table.
  double copied_per_second = 0;
  /// `pgbench --select-only --protocol=prepared`: the average over one
  /// connection, in microseconds, and transactions a second over 16.
  double select_us = 0;
  double selects_per_second = 0;
};

struct BackendComparison {
  int rows = 0;
  BackendFigures json = {};
  BackendFigures postgres = {};
  ToolFigures tools = {};

  /// `closest_p50` over what a call and a prepared SELECT cost by themselves.
  double LatencyRatio() const { return postgres.closest_p50 / (postgres.empty_p50 + tools.select_us); }
  double ImportShare() const { return postgres.imported_per_second / tools.copied_per_second; }
  double ThroughputShare() const { return postgres.closest_per_second / tools.selects_per_second; }
  /// What processors would allow that spend on each answer what they spend on
  /// an empty call and on a SELECT, one after the other.
  double ProcessorBound() const { return 1 / (1 / postgres.empty_per_second + 1 / tools.selects_per_second); }
};

/// Imports the rows of `spec` into a store on each backend and asks both the
/// same, in rounds of which the medians count. PostgreSQL is a private one.
/// `quick`: one round.
BackendComparison CompareBackends(const Installation& installation, const DataSetSpec& spec, bool quick);

/// A table of both, and one of what the bars are about.
std::string ToMarkdown(const BackendComparison& comparison);

}  // namespace loadline::bench
