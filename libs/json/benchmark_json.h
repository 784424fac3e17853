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
/// `row` must be an object.
///
/// `tensor_parallel` is the GPU count only where no count is given; with
/// neither, the count is 0, which `Judge` refuses. The origin is `origin`, or
/// else what the row states of itself (row_origin.h), or else measured.
/// `measured_at` is ISO 8601; `jbenchmark_created_at` and `created_at` stand in.
///
/// A row that names its `origin` was written by `WriteMeasurement` and is taken
/// literally. In any other row, what counts is filled in where it is absent:
/// the achieved `responses_per_second` from `tokens_per_second` over the mean
/// (else nominal) output length, and all of ITL from TPOT where the row has
/// TPOT only.
ReadRow ReadMeasurement(const nlohmann::json& row);

/// Writes a row with today's field names, leaving out what is absent.
/// `ReadMeasurement(WriteMeasurement(m)).measurement == m` for every m whose
/// texts are UTF-8 and whose time is in the years 0 to 9999.
nlohmann::json WriteMeasurement(const domain::Measurement& measurement);

}  // namespace loadline::json
