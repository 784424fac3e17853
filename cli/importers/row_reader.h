#pragma once

#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/importers/field.h"
#include "cli/importers/importer.h"

namespace loadline::cli {

inline constexpr double kMsPerSecond = 1000;

/// JSON pointers such as "/args/data/0"; where a list of them is asked for, the
/// first under which there is something counts.
using Pointers = std::vector<std::string>;

/// The value at a JSON pointer; nullptr where it is absent or null.
const nlohmann::json* ValueAt(const nlohmann::json& value, const std::string& pointer);
const nlohmann::json* FirstAt(const nlohmann::json& value, const Pointers& pointers);

/// The text at the first of `pointers` that has one that is not empty; else "".
/// A number counts as its text.
std::string FirstTextAt(const nlohmann::json& value, const Pointers& pointers);

/// "/12" for "12": the pointer of an array's element that a report names; a
/// pointer to nothing where `text` is no such number.
std::string ElementPointer(const std::string& text);

/// True if `value` is an object with all of `keys`.
bool HasAll(const nlohmann::json& value, std::initializer_list<const char*> keys);

/// What a tool calls mean, p50, p90, p95 and p99, in the order of
/// `domain::kStatistics`; each may have several names.
using StatisticNames = std::array<std::vector<std::string>, domain::kStatistics.size()>;
extern const StatisticNames kUsualNames;  // mean, p50 or median, p90, p95, p99

/// Reads one object of a report into a row, noting what is no number, and the
/// source of each number. Absent and null are absent; texts that are numbers
/// are fine; a unit is brought to ours by `scale`.
class RowReader {
 public:
  /// `object` and `row` must outlive the reader. `path`, such as "config", is
  /// where the object stands, for messages.
  RowReader(const nlohmann::json& object, ImportedRow& row, std::string path = {})
      : object_(object), row_(row), path_(std::move(path)) {}

  const nlohmann::json& object() const { return object_; }
  domain::Measurement& measurement() { return row_.measurement; }

  /// The number at `pointer`, for no field.
  domain::Reading Number(const std::string& pointer, double scale = 1);
  /// A whole number.
  std::optional<std::int64_t> Count(const Pointers& pointers);
  /// The number of GPUs as people name it in labels and metadata: the count, or
  /// the ways of tensor times those of pipeline parallelism. nullopt: unknown.
  std::optional<std::int64_t> GpuCount();
  std::string Text(const Pointers& pointers) const { return FirstTextAt(object_, pointers); }

  /// Reads the number at `pointer` into `field`, if it is there.
  void Read(const Field& field, const std::string& pointer, double scale = 1);
  void ReadFirst(const Field& field, const Pointers& pointers, double scale = 1);
  /// Reads all statistics of a latency. `{}` in `pattern` stands for the name
  /// of the statistic: "/{}_ttft_ms".
  void ReadLatency(LatencyOf latency, const std::string& pattern, const StatisticNames& names, double scale);
  /// Sets `field` to what follows from other numbers, if anything does.
  void Derive(const Field& field, domain::Reading value, std::string how);

  void Problem(const std::string& pointer, const std::string& wrong, const nlohmann::json& value);
  void Warn(std::string warning) { row_.warnings.push_back(std::move(warning)); }

 private:
  /// "config.strategy.rate" for "/strategy/rate".
  std::string Name(const std::string& pointer) const;

  const nlohmann::json& object_;
  ImportedRow& row_;
  std::string path_;
};

/// Sets the number of GPUs, unless it is beyond all reason.
void SetHardwareCount(ImportedRow& row, std::optional<std::int64_t> count);

/// Empties latencies, and forgets where they came from.
void Drop(LatencyOf latency, ImportedRow& row);

}  // namespace loadline::cli
