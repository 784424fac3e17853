#pragma once

#include <string>
#include <string_view>

#include "libs/domain/benchmark.h"
#include "services/benchmark-store/repository/postgres/copy_buffer.h"
#include "services/benchmark-store/repository/postgres/rows.h"

/// How a measurement lies in the columns of `benchmark_results`.
namespace loadline::store::postgres {

/// `saturated` and the columns after it.
std::string_view ValueColumns();
inline constexpr int kValueColumns = 42;

/// Appends `ValueColumns`.
void AppendValues(CopyBuffer& copy, const domain::Measurement& measurement);

/// The select list of benchmarks, of `benchmark_results b` and `provenances p`.
const std::string& BenchmarkColumns();
/// The same of `benchmark_results b` alone, with the provenance's id.
const std::string& BenchmarkColumnsWithProvenanceId();

/// The provenance in columns `first` and after: source, origin,
/// confidence_level, format, tool_version, sha256, path.
domain::Provenance ReadProvenance(const Rows& rows, int row, int first);

/// The columns of a benchmark in row `row`, starting at column `first`.
/// The configuration and the shape are those of the curve.
struct BenchmarkRow {
  const Rows& rows;
  int row = 0;
  int first = 0;

  std::int32_t curve_id() const { return rows.Integer(row, first); }
  double rate() const;
  domain::BenchmarkId id() const;
  /// Of `BenchmarkColumns`.
  domain::Benchmark Read(const domain::Configuration& configuration, const domain::TrafficShape& shape) const;
  /// Of `BenchmarkColumnsWithProvenanceId`.
  std::int32_t provenance_id() const;
  domain::Benchmark Read(const domain::Configuration& configuration, const domain::TrafficShape& shape,
                         const domain::Provenance& provenance) const;
};

/// The bytes of an id, and back; `bytes` must be as many as an id has.
std::string_view BytesOf(const domain::BenchmarkId& id);
domain::BenchmarkId IdFrom(std::string_view bytes);

}  // namespace loadline::store::postgres
