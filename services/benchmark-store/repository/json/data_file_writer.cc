#include <fmt/format.h>

#include <algorithm>

#include "libs/json/benchmark_json.h"
#include "services/benchmark-store/repository/json/data_file.h"
#include "services/benchmark-store/repository/json/durable_file.h"
#include "services/benchmark-store/repository/json/parallel.h"
#include "services/benchmark-store/repository/json/revision_json.h"
#include "services/benchmark-store/repository/quarantine_json.h"

namespace loadline::store::json {
namespace {

// Rows that are written at a time.
constexpr std::size_t kBatch = 2048;

std::string Line(nlohmann::json row, domain::Revision revision) {
  row[kRevisionKey] = revision;
  return row.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

template <typename LineAt>
void WriteArray(DurableFile& file, const char* key, std::size_t size, const LineAt& line_at) {
  file.Write(fmt::format(",\n\"{}\": [", key));
  std::vector<std::string> lines;
  for (std::size_t first = 0; first < size; first += kBatch) {
    lines.resize(std::min(kBatch, size - first));
    ForEachInParallel(lines.size(), [&](std::size_t i) { lines[i] = line_at(first + i); });
    for (std::size_t i = 0; i < lines.size(); ++i) {
      file.Write(first + i == 0 ? "\n" : ",\n");
      file.Write(lines[i]);
    }
  }
  file.Write("\n]");
}

}  // namespace

base::Status WriteDataFile(const std::filesystem::path& path, const Snapshot& snapshot) {
  DurableFile file(path);
  file.Write(fmt::format("{{\"{}\": {}", kRevisionKey, snapshot.revision));
  WriteArray(file, "benchmarks", snapshot.rows.size(), [&](std::size_t row) {
    const auto benchmark = snapshot.rows.Unpack(row);
    return Line(loadline::json::WriteMeasurement(benchmark.measurement), benchmark.revision);
  });
  WriteArray(file, "quarantined", snapshot.quarantine->size(), [&](std::size_t row) {
    const auto& quarantined = *(*snapshot.quarantine)[row];
    return Line(WriteQuarantined(quarantined), quarantined.revision);
  });
  file.Write("}\n");
  return file.Replace();
}

}  // namespace loadline::store::json
