#include "services/benchmark-store/repository/postgres/staging.h"

#include <fmt/format.h>

#include "libs/base/sha256.h"
#include "services/benchmark-store/repository/postgres/benchmark_row.h"
#include "services/benchmark-store/repository/postgres/call_time.h"
#include "services/benchmark-store/repository/postgres/sql_error.h"
#include "services/benchmark-store/repository/quarantine_json.h"

namespace loadline::store::postgres {
namespace {

// Large enough that a round trip does not count.
constexpr std::size_t kBatchBytes = 1 << 20;
// About 10 MB of names.
constexpr std::size_t kMaxNumbers = 50'000;

const std::string& TablesScript() {
  static const std::string script = fmt::format(
      "CREATE TEMP TABLE IF NOT EXISTS staged_rows AS SELECT id, 0 AS curve, 0 AS provenance, measured_at, {0} "
      "FROM benchmark_results WITH NO DATA;"
      "CREATE TEMP TABLE IF NOT EXISTS staged_curves (number int, model text COLLATE \"C\", precision text COLLATE "
      "\"C\", bits double precision, hardware text COLLATE \"C\", hardware_count int, framework text COLLATE \"C\", "
      "framework_version text COLLATE \"C\", shape_input double precision, shape_output double precision, "
      "curve_id int);"
      "CREATE TEMP TABLE IF NOT EXISTS staged_provenances (number int, source text, origin text, confidence_level "
      "text, format text, tool_version text, sha256 text, path text, content_hash bytea, provenance_id int);"
      "CREATE TEMP TABLE IF NOT EXISTS staged_quarantine (id bytea, document json);"
      "CREATE TEMP TABLE IF NOT EXISTS merged_curves (curve_id int, row_count bigint, saturated_count bigint, "
      "first_month date, last_month date, undated boolean);"
      "TRUNCATE staged_rows, staged_curves, staged_provenances, staged_quarantine, merged_curves",
      ValueColumns());
  return script;
}

/// Eight bytes, the most significant first.
void AppendLength(std::string& bytes, std::uint64_t length) {
  for (unsigned shift = 64; shift > 0; shift -= 8) bytes.push_back(static_cast<char>(length >> (shift - 8) & 0xFFU));
}

/// What tells provenances apart: all fields, each after its length.
std::string ContentOf(const domain::Provenance& provenance) {
  std::string content;
  for (const std::string_view text : {std::string_view(provenance.source), domain::Name(provenance.origin),
                                      std::string_view(provenance.confidence_level),
                                      std::string_view(provenance.format), std::string_view(provenance.tool_version),
                                      std::string_view(provenance.sha256), std::string_view(provenance.path)}) {
    AppendLength(content, text.size());
    content += text;
  }
  return content;
}

/// The number of `key`, and whether it is a new one.
template <typename Numbers, typename Key>
std::pair<std::int32_t, bool> Numbered(Numbers& numbers, Key key, std::int32_t& next) {
  if (numbers.size() >= kMaxNumbers) numbers.clear();
  const auto [found, added] = numbers.try_emplace(std::move(key), next);
  if (added) ++next;
  return {found->second, added};
}

std::chrono::year_month MonthOf(base::Timestamp at) {
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(at));
  return day.year() / day.month();
}

}  // namespace

base::Status Staging::Prepare(Connection& connection, const CallScope& scope) {
  return connection.Execute(TablesScript(), scope);
}

std::int32_t Staging::NumberOf(const domain::Configuration& configuration, const domain::TrafficShape& shape) {
  const auto [number, added] = Numbered(curves_, CurveKey{configuration, shape}, next_curve_);
  if (!added) return number;
  curve_rows_.Row().Integer(number).Text(configuration.model).Text(configuration.precision);
  curve_rows_.Double(domain::WeightBits(configuration)).Text(configuration.hardware);
  curve_rows_.Integer(configuration.hardware_count).Text(configuration.framework);
  curve_rows_.Text(configuration.framework_version).Double(shape.input_tokens).Double(shape.output_tokens);
  return number;
}

std::int32_t Staging::NumberOf(const domain::Provenance& provenance) {
  auto content = ContentOf(provenance);
  const auto hash = base::Sha256(content);
  const auto [number, added] = Numbered(provenances_, std::move(content), next_provenance_);
  if (!added) return number;
  provenance_rows_.Row().Integer(number).Text(provenance.source).Text(domain::Name(provenance.origin));
  provenance_rows_.Text(provenance.confidence_level).Text(provenance.format).Text(provenance.tool_version);
  provenance_rows_.Text(provenance.sha256).Text(provenance.path);
  provenance_rows_.Bytes({reinterpret_cast<const char*>(hash.data()), hash.size()});
  return number;
}

base::Status Staging::Add(const domain::Verdict& verdict, const CallScope& scope) {
  const auto& measurement = verdict.measurement;
  const auto id = domain::BenchmarkId::Of(measurement);
  ++accepted_;
  rows_.Row().Bytes(BytesOf(id));
  rows_.Integer(NumberOf(measurement.configuration, verdict.shape)).Integer(NumberOf(measurement.provenance));
  if (measurement.measured_at) months_.insert(MonthOf(*measurement.measured_at));
  rows_.Timestamp(measurement.measured_at);
  AppendValues(rows_, measurement);
  return FlushIfLarge(scope);
}

base::Status Staging::Quarantine(const QuarantinedRow& row, const CallScope& scope) {
  ++quarantined_;
  const auto document = WriteQuarantined(row).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  quarantine_rows_.Row().Bytes(BytesOf(row.id)).Text(document);
  return FlushIfLarge(scope);
}

base::Status Staging::FlushIfLarge(const CallScope& scope) {
  if (rows_.bytes() + quarantine_rows_.bytes() < kBatchBytes) return {};
  if (IsOver(scope)) return base::Fail(OutOfTime(scope));
  return Flush(scope);
}

base::Status Staging::Flush(const CallScope& scope) {
  LOADLINE_RETURN_IF_ERROR(Send(curve_rows_,
                                "staged_curves (number, model, precision, bits, hardware, hardware_count, framework, "
                                "framework_version, shape_input, shape_output)",
                                scope));
  LOADLINE_RETURN_IF_ERROR(Send(provenance_rows_,
                                "staged_provenances (number, source, origin, confidence_level, format, tool_version, "
                                "sha256, path, content_hash)",
                                scope));
  LOADLINE_RETURN_IF_ERROR(Send(rows_, "staged_rows", scope));
  return Send(quarantine_rows_, "staged_quarantine", scope);
}

base::Status Staging::Send(CopyBuffer& buffer, const std::string& table, const CallScope& scope) {
  if (buffer.empty()) return {};
  LOADLINE_RETURN_IF_ERROR(connection_.CopyIn(table, buffer.Lines(), scope));
  buffer.Clear();
  return {};
}

}  // namespace loadline::store::postgres
