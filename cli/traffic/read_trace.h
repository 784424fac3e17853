#pragma once

#include <cstdint>
#include <istream>
#include <string>
#include <vector>

#include "cli/traffic/length_counts.h"
#include "libs/base/result.h"

namespace loadline::cli {

/// Some quantiles of a length, in tokens.
struct LengthSummary {
  double mean = 0;
  double p50 = 0;
  double p95 = 0;
  double p99 = 0;
};

/// What a trace says of its traffic. Every number is finite.
struct TrafficProfile {
  /// The format of the trace.
  std::string format;
  /// Requests that were counted, and those that were left out because they had
  /// no input or brought no output.
  std::int64_t requests = 0;
  std::int64_t left_out = 0;
  /// Between the first and the last request; greater than 0.
  double seconds = 0;
  double mean_rps = 0;
  /// In the busiest minute.
  double peak_rps = 0;
  double peak_to_mean = 0;
  /// See Burstiness.
  double inter_arrival_cv = 0;
  std::vector<double> hourly_rps;
  LengthSummary input_tokens;
  LengthSummary output_tokens;
  std::vector<LengthShare> lengths;
};

/// Reads a trace of any known format, line by line: the memory that it takes
/// does not grow with the trace. Fails with `kInvalidArgument`: `NOT_A_TRACE`
/// (with the first lines of the formats that are known), `EMPTY_TRACE` (fewer
/// than two requests that can be counted, or no time between them),
/// `MALFORMED_TRACE` (naming the line: also where time runs backwards, a length
/// is absurd, or the trace is longer than a year).
base::Result<TrafficProfile> ReadTrace(std::istream& in);

/// The same for the file at `path`, or else `CANNOT_READ`.
base::Result<TrafficProfile> ReadTraceFile(const std::string& path);

}  // namespace loadline::cli
