#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bench/backends.h"

namespace loadline::bench {

/// One line of the latency table; times in microseconds.
struct LatencyRow {
  std::string what;
  int connections = 1;
  double empty_p50 = 0;
  double empty_p99 = 0;
  double p50 = 0;
  double p99 = 0;
  /// The most that p50 may be, in multiples of `empty_p50`.
  double max_ratio = 0;
  /// The most that p50 may be, in milliseconds.
  std::optional<double> max_ms = {};

  double ratio() const { return p50 / empty_p50; }
  bool passes() const { return ratio() <= max_ratio && (!max_ms || p50 <= *max_ms * 1000); }
};

/// One line of the memory table.
struct MemoryRow {
  std::string what;
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
  double max_bytes_per_row = 0;

  double bytes_per_row() const { return static_cast<double>(bytes) / static_cast<double>(rows); }
  bool passes() const { return bytes_per_row() <= max_bytes_per_row; }
};

struct Report {
  std::uint64_t seed = 0;
  bool quick = false;
  std::vector<LatencyRow> latencies;
  std::vector<MemoryRow> memory;
  std::optional<BackendComparison> backends;
};

/// The report in Markdown, with the machine described.
std::string ToMarkdown(const Report& report);

}  // namespace loadline::bench
