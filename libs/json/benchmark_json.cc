#include "libs/json/benchmark_json.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <optional>

#include "libs/json/row_fields.h"
#include "libs/json/row_origin.h"
#include "libs/json/scalar.h"
#include "libs/json/timestamp.h"

namespace loadline::json {
namespace {

using domain::Measurement;
using domain::Reading;
using nlohmann::json;

/// A value of the row that is present, under the name that it has there.
struct Found {
  const std::string& name;
  const json& value;
};

/// Reads the fields of one row into a measurement.
class RowReader {
 public:
  explicit RowReader(const json& row) : row_(row) {}

  ReadRow Read() {
    for (const auto& field : TextFields()) ReadText(field);
    for (const auto& field : NumberFields()) ReadNumber(field);
    for (const auto& field : CountFields()) ReadCount(field);
    measurement().configuration.hardware_count = HardwareCount();
    ReadSaturated();
    ReadTime();
    ReadOrigin();
    return std::move(result_);
  }

 private:
  Measurement& measurement() { return result_.measurement; }

  std::optional<Found> Find(const std::vector<std::string>& names) const {
    for (const std::string& name : names) {
      const auto found = row_.find(name);
      if (found != row_.end() && !found->is_null()) return Found{name, *found};
    }
    return std::nullopt;
  }

  void Problem(const Found& found, std::string_view wrong) {
    result_.problems.push_back(fmt::format("{}: {}: {}", found.name, wrong, Quoted(found.value)));
  }

  void ReadText(const RowField<std::string>& field) {
    const auto found = Find(field.names);
    if (!found) return;
    if (found->value.is_string()) {
      field.target(measurement()) = found->value.get<std::string>();
    } else if (found->value.is_number()) {
      field.target(measurement()) = found->value.dump();
    } else {
      Problem(*found, "not a text");
    }
  }

  void ReadNumber(const RowField<Reading>& field) {
    const auto found = Find(field.names);
    if (!found) return;
    const auto number = NumberIn(found->value);
    if (number && !std::isnan(*number)) field.target(measurement()) = *number;
    if (!number || !std::isfinite(*number)) Problem(*found, "not a number");
  }

  void ReadCount(const RowField<std::optional<std::int64_t>>& field) {
    const auto found = Find(field.names);
    if (!found) return;
    field.target(measurement()) = CountIn(found->value);
    if (!field.target(measurement())) Problem(*found, "not a whole number");
  }

  int HardwareCount() {
    static const std::vector<std::string> names = {"hardware_count", "gpu_count", "tensor_parallel"};
    const auto found = Find(names);
    if (!found) return 0;
    const auto count = CountIn(found->value);
    const bool fits = count && std::abs(*count) <= std::numeric_limits<int>::max();
    if (!fits) Problem(*found, "not a number of GPUs");
    return fits ? static_cast<int>(*count) : 0;
  }

  void ReadSaturated() {
    static const std::vector<std::string> names = {"saturated"};
    const auto found = Find(names);
    if (!found) return;
    if (!found->value.is_boolean()) return Problem(*found, "neither true nor false");
    measurement().load.saturated = found->value.get<bool>();
  }

  void ReadTime() {
    static const std::vector<std::string> names = {"measured_at", "jbenchmark_created_at", "created_at"};
    const auto found = Find(names);
    if (!found) return;
    if (found->value.is_string())
      measurement().measured_at = ParseTimestamp(found->value.get_ref<const std::string&>());
    if (!measurement().measured_at) Problem(*found, "not an ISO 8601 time, such as 2026-03-01T12:30:00Z");
  }

  void ReadOrigin() {
    static const std::vector<std::string> names = {"origin"};
    const auto found = Find(names);
    if (found) return ReadNamedOrigin(*found);
    measurement().provenance.origin = StatedOrigin(row_).value_or(domain::Origin::kMeasured);
    FillIn();
  }

  void ReadNamedOrigin(const Found& found) {
    std::optional<domain::Origin> origin;
    if (found.value.is_string()) origin = domain::ParseOrigin(found.value.get_ref<const std::string&>());
    if (!origin) Problem(found, "not one of measured, simulated, interpolated, estimated, synthetic");
    measurement().provenance.origin = origin.value_or(domain::Origin::kMeasured);
  }

  void FillIn() {
    Measurement& m = measurement();
    if (m.itl.empty()) m.itl = m.tpot;
    const double length = m.output_lengths.mean.value_or(m.output_lengths.nominal.value_or(0));
    if (!m.load.achieved_rps && m.tokens_per_second && length > 0) m.load.achieved_rps = *m.tokens_per_second / length;
  }

  const json& row_;
  ReadRow result_;
};

/// JSON has no infinities; these texts are read back as one.
json NumberToJson(double number) {
  if (std::isinf(number)) return number > 0 ? "Infinity" : "-Infinity";
  return number;
}

}  // namespace

ReadRow ReadMeasurement(const json& row) { return RowReader(row).Read(); }

json WriteMeasurement(const Measurement& measurement) {
  Measurement m = measurement;  // the fields give access for reading and writing
  json row = {{"hardware_count", m.configuration.hardware_count},
              {"origin", std::string(domain::Name(m.provenance.origin))}};
  for (const auto& field : TextFields()) {
    if (const std::string& text = field.target(m); !text.empty()) row[field.names.front()] = text;
  }
  for (const auto& field : NumberFields()) {
    if (const Reading number = field.target(m)) row[field.names.front()] = NumberToJson(*number);
  }
  for (const auto& field : CountFields()) {
    if (const auto count = field.target(m)) row[field.names.front()] = *count;
  }
  if (m.load.saturated) row["saturated"] = true;
  if (m.measured_at) row["measured_at"] = FormatTimestamp(*m.measured_at);
  return row;
}

}  // namespace loadline::json
