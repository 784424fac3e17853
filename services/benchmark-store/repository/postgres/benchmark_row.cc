#include "services/benchmark-store/repository/postgres/benchmark_row.h"

#include <fmt/format.h>

#include <array>

#include "libs/base/sha256.h"

namespace loadline::store::postgres {
namespace {

using domain::Measurement;

constexpr char kValueColumnNames[] =
    "saturated, mean_input_tokens, prompt_tokens, prompt_tokens_stdev, prompt_tokens_min, prompt_tokens_max, "
    "mean_output_tokens, output_tokens, output_tokens_stdev, output_tokens_min, output_tokens_max, "
    "requests_per_second, responses_per_second, concurrency, "
    "ttft_mean, ttft_p50, ttft_p90, ttft_p95, ttft_p99, itl_mean, itl_p50, itl_p90, itl_p95, itl_p99, "
    "e2e_mean, e2e_p50, e2e_p90, e2e_p95, e2e_p99, tpot_mean, tpot_p50, tpot_p90, tpot_p95, tpot_p99, "
    "chunk_gap_mean, chunk_gap_p50, chunk_gap_p90, chunk_gap_p95, chunk_gap_p99, "
    "tokens_per_second, completed_requests, failed_requests";

constexpr std::size_t kReadings = 39;

/// The readings in order of their columns. `M` is Measurement, const or not.
template <typename M>
auto ReadingsOf(M& m) {
  using Pointer = decltype(&m.tokens_per_second);
  std::array<Pointer, kReadings> readings = {};
  std::size_t next = 0;
  for (auto* side : {&m.input_lengths, &m.output_lengths}) {
    for (Pointer each : {&side->mean, &side->nominal, &side->stdev, &side->min, &side->max}) readings[next++] = each;
  }
  for (Pointer each : {&m.load.offered_rps, &m.load.achieved_rps, &m.load.concurrency}) readings[next++] = each;
  for (auto* metric : {&m.ttft, &m.itl, &m.e2e, &m.tpot, &m.chunk_gap}) {
    for (auto& each : metric->values) readings[next++] = &each;
  }
  readings[next] = &m.tokens_per_second;
  return readings;
}

// Columns of the select list, from its start; the first is the curve.
constexpr int kId = 1;
constexpr int kRevision = 2;
constexpr int kMeasuredAt = 3;
constexpr int kSaturated = 4;
constexpr int kFirstReading = kSaturated + 1;
constexpr int kAchieved = kFirstReading + 11;
constexpr int kCompleted = kFirstReading + static_cast<int>(kReadings);
constexpr int kProvenance = kCompleted + 2;
static_assert(kSaturated + kValueColumns == kProvenance);

}  // namespace

domain::Provenance ReadProvenance(const Rows& rows, int row, int first) {
  return {.source = rows.Text(row, first),
          .origin = domain::ParseOrigin(rows.View(row, first + 1)).value_or(domain::Origin::kMeasured),
          .confidence_level = rows.Text(row, first + 2),
          .format = rows.Text(row, first + 3),
          .tool_version = rows.Text(row, first + 4),
          .sha256 = rows.Text(row, first + 5),
          .path = rows.Text(row, first + 6)};
}

std::string_view ValueColumns() { return kValueColumnNames; }

void AppendValues(CopyBuffer& copy, const Measurement& measurement) {
  copy.Boolean(measurement.load.saturated);
  for (const auto* reading : ReadingsOf(measurement)) copy.Double(*reading);
  copy.BigInteger(measurement.completed_requests).BigInteger(measurement.failed_requests);
}

const std::string& BenchmarkColumns() {
  static const std::string columns = fmt::format(
      "b.curve_id, b.id, b.revision, b.measured_at, {}, p.source, p.origin, p.confidence_level, p.format, "
      "p.tool_version, p.sha256, p.path",
      kValueColumnNames);
  return columns;
}

const std::string& BenchmarkColumnsWithProvenanceId() {
  static const std::string columns =
      fmt::format("b.curve_id, b.id, b.revision, b.measured_at, {}, b.provenance_id", kValueColumnNames);
  return columns;
}

double BenchmarkRow::rate() const { return rows.Double(row, first + kAchieved); }

domain::BenchmarkId BenchmarkRow::id() const { return IdFrom(rows.Bytes(row, first + kId)); }

std::int32_t BenchmarkRow::provenance_id() const { return rows.Integer(row, first + kProvenance); }

domain::Benchmark BenchmarkRow::Read(const domain::Configuration& configuration,
                                     const domain::TrafficShape& shape) const {
  return Read(configuration, shape, ReadProvenance(rows, row, first + kProvenance));
}

domain::Benchmark BenchmarkRow::Read(const domain::Configuration& configuration, const domain::TrafficShape& shape,
                                     const domain::Provenance& provenance) const {
  domain::Benchmark benchmark = {
      .id = id(), .shape = shape, .revision = rows.BigInteger(row, first + kRevision), .measurement = {}};
  auto& m = benchmark.measurement;
  m.configuration = configuration;
  m.load.saturated = rows.Boolean(row, first + kSaturated);
  int column = first + kFirstReading;
  for (auto* reading : ReadingsOf(m)) *reading = rows.Reading(row, column++);
  m.completed_requests = rows.OptionalBigInteger(row, column++);
  m.failed_requests = rows.OptionalBigInteger(row, column);
  m.measured_at = rows.OptionalTimestamp(row, first + kMeasuredAt);
  m.provenance = provenance;
  return benchmark;
}

std::string_view BytesOf(const domain::BenchmarkId& id) {
  return {reinterpret_cast<const char*>(id.bytes().data()), id.bytes().size()};
}

domain::BenchmarkId IdFrom(std::string_view bytes) {
  const auto* raw = reinterpret_cast<const std::uint8_t*>(bytes.data());
  return domain::BenchmarkId::Parse("b-" + base::Hex(raw, bytes.size())).value();
}

}  // namespace loadline::store::postgres
