#include "cli/importers/row_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "libs/json/scalar.h"

namespace loadline::cli {
namespace {

using domain::Reading;
using domain::Statistic;
using Json = nlohmann::json;

/// "/metrics/request_latency" as people write it: "metrics.request_latency".
std::string Dotted(const std::string& pointer) {
  std::string path = pointer.substr(1);
  std::replace(path.begin(), path.end(), '/', '.');
  return path;
}

std::string WithName(const std::string& pattern, const std::string& name) {
  std::string pointer = pattern;
  return pointer.replace(pointer.find("{}"), 2, name);
}

}  // namespace

const StatisticNames kUsualNames = {{{"mean"}, {"p50", "median"}, {"p90"}, {"p95"}, {"p99"}}};

const Json* ValueAt(const Json& value, const std::string& pointer) {
  const Json::json_pointer path(pointer);
  if (!value.contains(path)) return nullptr;
  const Json& found = value.at(path);
  return found.is_null() ? nullptr : &found;
}

const Json* FirstAt(const Json& value, const Pointers& pointers) {
  for (const std::string& pointer : pointers) {
    if (const Json* found = ValueAt(value, pointer)) return found;
  }
  return nullptr;
}

std::string FirstTextAt(const Json& value, const Pointers& pointers) {
  for (const std::string& pointer : pointers) {
    const Json* found = ValueAt(value, pointer);
    if (found == nullptr) continue;
    if (found->is_number()) return found->dump();
    if (found->is_string() && !found->get_ref<const std::string&>().empty()) return found->get<std::string>();
  }
  return {};
}

std::string ElementPointer(const std::string& text) {
  constexpr std::size_t kMaxDigits = 9;  // Longer numbers make JSON pointers throw.
  const bool is_index =
      !text.empty() && text.size() <= kMaxDigits && text.find_first_not_of("0123456789") == std::string::npos;
  return is_index ? "/" + text : "/none";
}

bool HasAll(const Json& value, std::initializer_list<const char*> keys) {
  return value.is_object() &&
         std::all_of(keys.begin(), keys.end(), [&](const char* key) { return value.contains(key); });
}

Reading RowReader::Number(const std::string& pointer, double scale) {
  const Json* value = ValueAt(object_, pointer);
  if (value == nullptr) return {};
  const auto number = json::NumberIn(*value);
  if (number && std::isfinite(*number)) return *number * scale;
  Problem(pointer, "not a number", *value);
  return {};
}

std::optional<std::int64_t> RowReader::Count(const Pointers& pointers) {
  for (const std::string& pointer : pointers) {
    const Json* value = ValueAt(object_, pointer);
    if (value == nullptr) continue;
    const auto count = json::CountIn(*value);
    if (!count) Problem(pointer, "not a whole number", *value);
    return count;
  }
  return std::nullopt;
}

std::optional<std::int64_t> RowReader::GpuCount() {
  constexpr std::int64_t kMaxWays = 100'000;
  if (const auto count = Count({"/hardware_count", "/gpu_count"})) return count;
  const auto tensor = Count({"/tensor_parallel_size", "/tp"});
  const auto pipeline = Count({"/pipeline_parallel_size", "/pp"});
  if (!tensor && !pipeline) return std::nullopt;
  const auto is_absurd = [](std::int64_t ways) { return ways < 1 || ways > kMaxWays; };
  if (is_absurd(tensor.value_or(1)) || is_absurd(pipeline.value_or(1))) return std::nullopt;
  return tensor.value_or(1) * pipeline.value_or(1);
}

void RowReader::Read(const Field& field, const std::string& pointer, double scale) {
  const Reading value = Number(pointer, scale);
  if (!value) return;
  const std::string unit = scale == 1 ? "" : fmt::format(" x {}", scale);
  Derive(field, value, Name(pointer) + unit);
}

void RowReader::ReadFirst(const Field& field, const Pointers& pointers, double scale) {
  for (const std::string& pointer : pointers) {
    if (ValueAt(object_, pointer) != nullptr) return Read(field, pointer, scale);
  }
}

void RowReader::ReadLatency(LatencyOf latency, const std::string& pattern, const StatisticNames& names, double scale) {
  for (const Statistic statistic : domain::kStatistics) {
    Pointers pointers;
    for (const std::string& name : names[static_cast<std::size_t>(statistic)]) {
      pointers.push_back(WithName(pattern, name));
    }
    ReadFirst({latency, statistic}, pointers, scale);
  }
}

void RowReader::Derive(const Field& field, Reading value, std::string how) {
  if (!value) return;
  field.In(row_.measurement) = value;
  std::string name = field.Name();
  std::erase_if(row_.sources, [&](const NumberSource& source) { return source.field == name; });
  row_.sources.push_back({.field = std::move(name), .from = std::move(how)});
}

void RowReader::Problem(const std::string& pointer, const std::string& wrong, const Json& value) {
  std::string problem = fmt::format("{}: {}: {}", Name(pointer), wrong, json::Quoted(value));
  // A number that is looked at twice is still one problem.
  const bool known = std::find(row_.problems.begin(), row_.problems.end(), problem) != row_.problems.end();
  if (!known) row_.problems.push_back(std::move(problem));
}

std::string RowReader::Name(const std::string& pointer) const {
  return path_.empty() ? Dotted(pointer) : path_ + "." + Dotted(pointer);
}

void SetHardwareCount(ImportedRow& row, std::optional<std::int64_t> count) {
  const bool fits = count && *count >= 0 && *count <= std::numeric_limits<int>::max();
  row.measurement.configuration.hardware_count = fits ? static_cast<int>(*count) : 0;
}

void Drop(LatencyOf latency, ImportedRow& row) {
  row.measurement.*latency = {};
  for (const Statistic statistic : domain::kStatistics) {
    const std::string name = Field(latency, statistic).Name();
    std::erase_if(row.sources, [&](const NumberSource& source) { return source.field == name; });
  }
}

}  // namespace loadline::cli
