#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "libs/domain/benchmark.h"

namespace loadline::json {

/// One row as read, with everything that could not be understood.
struct ReadRow {
  domain::Measurement measurement;
  /// "ttft_mean: not a number: \"fast\"". Empty: all was understood.
  std::vector<std::string> problems;
};

/// Reads a row with the field names that teams use (`model_hf_repo`,
/// `ttft_p95`, `requests_per_second`, ...) or the older ones (`model_id`,
/// `gpu_type`, `hardware_type`, `gpu_count`, `tensor_parallel`, `tpot_*`,
/// `ttft_p50_ms`, `throughput_tokens_per_sec`, `max_qps`,
/// `tokens_per_second_mean`), which are mapped. The first present name wins;
/// unknown fields are ignored; null is absent; numbers may be strings.
/// `estimated`, `interpolated`, `simulated` and `source` decide the origin.
/// `row` must be an object.
ReadRow ReadMeasurement(const nlohmann::json& row);

/// Writes a row with today's field names, leaving out what is absent.
/// `ReadMeasurement(WriteMeasurement(m)).measurement == m` for every m.
nlohmann::json WriteMeasurement(const domain::Measurement& measurement);

}  // namespace loadline::json
