#pragma once

#include <cstdint>
#include <unordered_map>

#include "libs/domain/benchmark.h"
#include "libs/domain/judge.h"
#include "services/benchmark-store/repository/json/append_only.h"

namespace loadline::store::json {

/// A benchmark without any memory of its own: what many share is a number.
struct Row {
  domain::BenchmarkId id = {};
  std::uint32_t configuration = 0;
  std::uint32_t provenance = 0;
  /// Its gaps between chunks are the one before; 0: it has none, as most.
  std::uint32_t chunk_gap = 0;
  bool saturated = false;
  domain::Revision revision = 0;
  domain::TrafficShape shape = {};
  domain::TokenLengths input_lengths = {};
  domain::TokenLengths output_lengths = {};
  domain::Reading offered_rps = {};
  domain::Reading achieved_rps = {};
  domain::Reading concurrency = {};
  domain::LatencySummary ttft = {};
  domain::LatencySummary itl = {};
  domain::LatencySummary e2e = {};
  domain::LatencySummary tpot = {};
  domain::Reading tokens_per_second = {};
  std::int64_t completed_requests = kAbsent;
  std::int64_t failed_requests = kAbsent;
  std::int64_t measured_at_ms = kAbsent;

  static constexpr std::int64_t kAbsent = INT64_MIN;

  /// Judged rows have one.
  double rate() const { return achieved_rps.value_or(0); }
};
static_assert(sizeof(Row) <= 352, "a store holds millions of rows");

/// The rows at some moment, with what their numbers stand for. Immutable.
struct RowView {
  AppendOnly<Row>::View rows;
  AppendOnly<domain::Configuration>::View configurations;
  AppendOnly<domain::Provenance>::View provenances;
  AppendOnly<domain::LatencySummary>::View chunk_gaps;

  std::size_t size() const { return rows.size(); }
  const Row& operator[](std::size_t row) const { return rows[row]; }
  const domain::Configuration& ConfigurationOf(const Row& row) const { return configurations[row.configuration]; }
  domain::Benchmark Unpack(std::size_t row) const;
};

/// Values of which each is kept once, numbered in order of arrival.
template <typename T>
class Interned {
 public:
  std::uint32_t Number(const T& value);
  const AppendOnly<T>& values() const { return values_; }

 private:
  AppendOnly<T> values_;
  std::unordered_multimap<std::size_t, std::uint32_t> by_hash_;
};

/// All rows, growing. Not thread-safe; its views are (see AppendOnly).
class RowTable {
 public:
  /// `verdict` must be accepted.
  void Append(const domain::Verdict& verdict, domain::Revision revision);
  /// Appends row `row` of another table as of `revision`.
  void AppendFrom(const RowView& other, std::size_t row, domain::Revision revision);
  /// Forgets the rows from `size` on, which nobody has seen.
  void Truncate(std::size_t size) { rows_.Truncate(size); }

  std::size_t size() const { return rows_.size(); }
  RowView Share() const;

 private:
  /// What `Row::chunk_gap` is for `gaps`.
  std::uint32_t KeepChunkGap(const domain::LatencySummary& gaps);

  AppendOnly<Row> rows_;
  Interned<domain::Configuration> configurations_;
  Interned<domain::Provenance> provenances_;
  AppendOnly<domain::LatencySummary> chunk_gaps_;
};

}  // namespace loadline::store::json
