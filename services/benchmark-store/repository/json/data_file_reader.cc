#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>

#include "libs/json/benchmark_json.h"
#include "libs/json/parse.h"
#include "services/benchmark-store/repository/json/data_file.h"
#include "services/benchmark-store/repository/json/mapped_file.h"
#include "services/benchmark-store/repository/json/parallel.h"
#include "services/benchmark-store/repository/json/revision_json.h"
#include "services/benchmark-store/repository/json/row_scanner.h"
#include "services/benchmark-store/repository/quarantine_json.h"

namespace loadline::store::json {
namespace {

constexpr char kBenchmarks[] = "benchmarks";
constexpr char kQuarantined[] = "quarantined";

// Rows that are parsed at a time.
constexpr std::size_t kBatch = 2048;

/// A row as it was read. Without a value: it was not JSON.
struct JudgedRow {
  domain::Verdict verdict;
  domain::Revision revision = kFirstRevision;
};
using ParsedRow = std::optional<JudgedRow>;

ParsedRow ParseRow(std::string_view text, const Intake& intake) {
  const auto parsed = loadline::json::Parse(text);
  if (!parsed) return std::nullopt;
  if (!parsed->is_object()) return JudgedRow{intake({}, {"row: not an object"})};
  auto row = loadline::json::ReadMeasurement(*parsed);
  return JudgedRow{intake(std::move(row.measurement), row.problems), RevisionIn(*parsed)};
}

std::vector<ParsedRow> ParseRows(const std::vector<std::string_view>& texts, const Intake& intake) {
  std::vector<ParsedRow> rows(texts.size());
  ForEachInParallel(texts.size(), [&](std::size_t i) { rows[i] = ParseRow(texts[i], intake); });
  return rows;
}

std::optional<QuarantinedRow> ParseQuarantined(std::string_view text) {
  const auto row = loadline::json::Parse(text);
  if (!row || !row->is_object()) return std::nullopt;
  auto quarantined = ReadQuarantined(*row);
  quarantined.revision = RevisionIn(*row);
  return quarantined;
}

/// Takes the parts of a data file as they come.
class Loader {
 public:
  explicit Loader(const Intake& intake) : intake_(intake) {}

  bool Read(std::string_view text) {
    const ScanHandlers handlers = {
        .element = [this](auto key, auto element) { return Element(key, element); },
        .value = [this](auto key, auto value) { return Value(key, value); },
    };
    return ScanRows(text, handlers) && JudgeBatch();
  }

  LoadedData Take() && {
    DropRepeats();
    return std::move(data_);
  }

 private:
  bool Element(std::string_view key, std::string_view text) {
    if (key == kQuarantined) return TakeQuarantined(text);
    if (key != kBenchmarks && !key.empty()) return loadline::json::Parse(text).has_value();
    batch_.push_back(text);
    return batch_.size() < kBatch || JudgeBatch();
  }

  bool Value(std::string_view key, std::string_view text) {
    const auto value = loadline::json::Parse(text);
    if (value && key == kRevisionKey) data_.revision = std::max(data_.revision, ToRevision(*value));
    return value.has_value() && key != kBenchmarks && key != kQuarantined;
  }

  bool TakeQuarantined(std::string_view text) {
    auto row = ParseQuarantined(text);
    if (row) Quarantine(std::move(*row));
    return row.has_value();
  }

  void Quarantine(QuarantinedRow row) {
    data_.revision = std::max(data_.revision, row.revision);
    if (quarantined_ids_.insert(row.id).second) data_.quarantined.push_back(std::move(row));
  }

  bool JudgeBatch() {
    for (auto& row : ParseRows(batch_, intake_)) {
      if (!row) return false;
      Take(std::move(*row));
    }
    batch_.clear();
    return true;
  }

  void Take(JudgedRow row) {
    const auto number = row_count_++;
    data_.revision = std::max(data_.revision, row.revision);
    if (row.verdict.accepted()) return data_.table.Append(row.verdict, row.revision);
    ++data_.refused;
    auto quarantined = QuarantinedFrom(std::move(row.verdict), fmt::format("{}[{}]", kBenchmarks, number));
    quarantined.revision = row.revision;
    Quarantine(std::move(quarantined));
  }

  void DropRepeats() {
    const auto rows = data_.table.Share();
    const auto distinct = NewRows(rows, Snapshot());
    data_.repeated = rows.size() - distinct.size();
    if (data_.repeated == 0) return;
    data_.table = RowTable();
    for (const auto row : distinct) data_.table.AppendFrom(rows, row, rows[row].revision);
  }

  const Intake& intake_;
  LoadedData data_;
  std::vector<std::string_view> batch_;
  std::set<domain::BenchmarkId> quarantined_ids_;
  std::size_t row_count_ = 0;
};

base::Error DataFileMissing(const std::filesystem::path& path) {
  return base::FailedPrecondition("DATA_FILE_MISSING",
                                  fmt::format("Cannot read the data file {}: {}. Set BENCHMARK_JSON_PATH to a file of "
                                              "benchmarks, such as one that holds {{\"benchmarks\": []}}.",
                                              path.string(), std::strerror(errno)));
}

base::Error MalformedDataFile(const std::filesystem::path& path, std::string_view text) {
  const auto parsed = loadline::json::Parse(text);
  const auto why = parsed ? "it must be an array of rows, or an object with \"benchmarks\": an array of rows."
                          : parsed.error().message;
  return base::FailedPrecondition("MALFORMED_DATA_FILE",
                                  fmt::format("The data file {} cannot be used: {}", path.string(), why));
}

}  // namespace

base::Result<LoadedData> ReadDataFile(const std::filesystem::path& path, const Intake& intake) {
  const auto file = MappedFile::Open(path);
  if (file == nullptr) return base::Fail(DataFileMissing(path));
  Loader loader(intake);
  if (!loader.Read(file->text())) return base::Fail(MalformedDataFile(path, file->text()));
  return std::move(loader).Take();
}

std::vector<std::uint32_t> NewRows(const RowView& rows, const Snapshot& snapshot) {
  std::vector<std::pair<domain::BenchmarkId, std::uint32_t>> ids;
  ids.reserve(rows.size());
  for (std::uint32_t row = 0; row < rows.size(); ++row) ids.emplace_back(rows[row].id, row);
  std::sort(ids.begin(), ids.end());
  std::vector<std::uint32_t> fresh;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const bool repeated = i > 0 && ids[i].first == ids[i - 1].first;
    if (!repeated && !snapshot.HasBenchmark(ids[i].first)) fresh.push_back(ids[i].second);
  }
  std::sort(fresh.begin(), fresh.end());
  return fresh;
}

}  // namespace loadline::store::json
