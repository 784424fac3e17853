#include "services/benchmark-store/repository/json/row_table.h"

#include <functional>
#include <initializer_list>

namespace loadline::store::json {
namespace {

std::size_t Mix(std::initializer_list<std::size_t> parts) {
  std::size_t hash = 0;
  for (const auto part : parts) hash = (hash ^ part) * 0x9e3779b97f4a7c15 + (hash >> 29);
  return hash;
}

std::size_t Hash(const std::string& text) { return std::hash<std::string>()(text); }

std::size_t Hash(const domain::Configuration& c) {
  return Mix({Hash(c.model), Hash(c.precision), Hash(c.hardware), static_cast<std::size_t>(c.hardware_count),
              Hash(c.framework), Hash(c.framework_version)});
}

std::size_t Hash(const domain::Provenance& p) {
  return Mix({Hash(p.source), static_cast<std::size_t>(p.origin), Hash(p.confidence_level), Hash(p.format),
              Hash(p.tool_version), Hash(p.sha256), Hash(p.path)});
}

std::optional<std::int64_t> Optional(std::int64_t value) {
  return value == Row::kAbsent ? std::nullopt : std::optional(value);
}

std::optional<base::Timestamp> OptionalTime(std::int64_t milliseconds) {
  if (milliseconds == Row::kAbsent) return std::nullopt;
  return base::Timestamp(std::chrono::milliseconds(milliseconds));
}

Row Pack(const domain::Verdict& verdict, domain::Revision revision) {
  const auto& m = verdict.measurement;
  return {.id = domain::BenchmarkId::Of(m),
          .saturated = m.load.saturated,
          .revision = revision,
          .shape = verdict.shape,
          .input_lengths = m.input_lengths,
          .output_lengths = m.output_lengths,
          .offered_rps = m.load.offered_rps,
          .achieved_rps = m.load.achieved_rps,
          .concurrency = m.load.concurrency,
          .ttft = m.ttft,
          .itl = m.itl,
          .e2e = m.e2e,
          .tpot = m.tpot,
          .tokens_per_second = m.tokens_per_second,
          .completed_requests = m.completed_requests.value_or(Row::kAbsent),
          .failed_requests = m.failed_requests.value_or(Row::kAbsent),
          .measured_at_ms = m.measured_at ? m.measured_at->time_since_epoch().count() : Row::kAbsent};
}

domain::Measurement MeasurementOf(const Row& row) {
  return {.configuration = {},
          .input_lengths = row.input_lengths,
          .output_lengths = row.output_lengths,
          .load = {.offered_rps = row.offered_rps,
                   .achieved_rps = row.achieved_rps,
                   .concurrency = row.concurrency,
                   .saturated = row.saturated},
          .ttft = row.ttft,
          .itl = row.itl,
          .e2e = row.e2e,
          .tpot = row.tpot,
          .tokens_per_second = row.tokens_per_second,
          .completed_requests = Optional(row.completed_requests),
          .failed_requests = Optional(row.failed_requests),
          .measured_at = OptionalTime(row.measured_at_ms),
          .provenance = {}};
}

}  // namespace

template <typename T>
std::uint32_t Interned<T>::Number(const T& value) {
  const auto hash = Hash(value);
  const auto [first, last] = by_hash_.equal_range(hash);
  for (auto found = first; found != last; ++found) {
    if (values_[found->second] == value) return found->second;
  }
  const auto number = values_.Append(value);
  by_hash_.emplace(hash, number);
  return number;
}

domain::Benchmark RowView::Unpack(std::size_t row) const {
  const auto& packed = rows[row];
  domain::Benchmark benchmark = {
      .id = packed.id, .shape = packed.shape, .revision = packed.revision, .measurement = MeasurementOf(packed)};
  benchmark.measurement.configuration = configurations[packed.configuration];
  benchmark.measurement.provenance = provenances[packed.provenance];
  if (packed.chunk_gap != 0) benchmark.measurement.chunk_gap = chunk_gaps[packed.chunk_gap - 1];
  return benchmark;
}

std::uint32_t RowTable::KeepChunkGap(const domain::LatencySummary& gaps) {
  return gaps.empty() ? 0 : chunk_gaps_.Append(gaps) + 1;
}

void RowTable::Append(const domain::Verdict& verdict, domain::Revision revision) {
  auto row = Pack(verdict, revision);
  row.configuration = configurations_.Number(verdict.measurement.configuration);
  row.provenance = provenances_.Number(verdict.measurement.provenance);
  row.chunk_gap = KeepChunkGap(verdict.measurement.chunk_gap);
  rows_.Append(row);
}

void RowTable::AppendFrom(const RowView& other, std::size_t row, domain::Revision revision) {
  auto copy = other.rows[row];
  copy.revision = revision;
  copy.configuration = configurations_.Number(other.configurations[copy.configuration]);
  copy.provenance = provenances_.Number(other.provenances[copy.provenance]);
  if (copy.chunk_gap != 0) copy.chunk_gap = KeepChunkGap(other.chunk_gaps[copy.chunk_gap - 1]);
  rows_.Append(copy);
}

RowView RowTable::Share() const {
  return {.rows = rows_.Share(),
          .configurations = configurations_.values().Share(),
          .provenances = provenances_.values().Share(),
          .chunk_gaps = chunk_gaps_.Share()};
}

}  // namespace loadline::store::json
