#include "services/benchmark-store/moving/export.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "libs/json/benchmark_json.h"
#include "libs/json/catalog_json.h"
#include "services/benchmark-store/moving/spilled_lines.h"
#include "services/benchmark-store/repository/json/durable_file.h"
#include "services/benchmark-store/repository/quarantine_json.h"

namespace loadline::store::moving {
namespace {

namespace fs = std::filesystem;
using store::json::DurableFile;

std::string TextOf(const nlohmann::json& value, int indent = -1) {
  return value.dump(indent, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// The data file, row by row.
class DataFileWriter {
 public:
  explicit DataFileWriter(const fs::path& path) : file_(path) { file_.Write("{\"revision\": 1,\n\"benchmarks\": ["); }

  void Add(MovedRow row) {
    if (!row.quarantined) return Write(TextOf(loadline::json::WriteMeasurement(row.verdict.measurement)), benchmarks_);
    const auto quarantined = QuarantinedFrom(std::move(row.verdict), std::move(row.location));
    waiting_.Add(quarantined.id, TextOf(WriteQuarantined(quarantined)));
  }

  base::Status Finish() {
    file_.Write("\n],\n\"quarantined\": [");
    LOADLINE_RETURN_IF_ERROR(waiting_.ForEach([this](const auto& line) { Write(line, quarantined_); }));
    file_.Write("\n]}\n");
    return file_.Replace();
  }

  std::int64_t benchmarks() const { return benchmarks_; }
  std::int64_t quarantined() const { return quarantined_; }

 private:
  /// `count` rows stand before it in its list.
  void Write(const std::string& line, std::int64_t& count) {
    file_.Write(count++ == 0 ? "\n" : ",\n");
    file_.Write(line);
  }

  DurableFile file_;
  SpilledLines waiting_;
  std::int64_t benchmarks_ = 0;
  std::int64_t quarantined_ = 0;
};

/// The files that an export to `path` writes, the benchmarks first.
std::vector<fs::path> FilesAt(const fs::path& path) {
  if (path.extension() == ".json") return {path};
  return {path / "benchmarks.json", path / "hardware.json", path / "models.json", path / "use_cases.json"};
}

base::Status CheckFree(const std::vector<fs::path>& files) {
  for (const auto& file : files) {
    std::error_code ignored;
    if (fs::exists(file, ignored)) {
      return base::Fail(base::FailedPrecondition("FILE_EXISTS", file.string() + " is there; --force replaces it."));
    }
  }
  return {};
}

base::Status WriteList(const fs::path& path, const char* name, nlohmann::json list) {
  nlohmann::json document;
  document[name] = std::move(list);
  DurableFile file(store::json::WithoutLinks(path));
  file.Write(TextOf(document, 2) + "\n");
  return file.Replace();
}

base::Status WriteCatalog(const Catalog& catalog, const fs::path& folder) {
  LOADLINE_RETURN_IF_ERROR(
      WriteList(folder / "hardware.json", "hardware", loadline::json::WriteHardware(catalog.hardware)));
  LOADLINE_RETURN_IF_ERROR(WriteList(folder / "models.json", "models", loadline::json::WriteModels(catalog.models)));
  return WriteList(folder / "use_cases.json", "use_cases", loadline::json::WriteUseCases(catalog.use_cases));
}

base::Status WriteRows(Source& source, DataFileWriter& writer, const OnProgress& on_progress) {
  std::string position;
  std::int64_t rows = 0;
  do {
    LOADLINE_ASSIGN_OR_RETURN(auto page, source.Read(position));
    for (auto& row : page.rows) writer.Add(std::move(row));
    on_progress(rows += std::ssize(page.rows));
    position = std::move(page.next);
  } while (!position.empty());
  return writer.Finish();
}

}  // namespace

base::Result<ExportReport> Export(Source& source, const ExportOptions& options) {
  const auto files = FilesAt(options.to);
  if (!options.force) LOADLINE_RETURN_IF_ERROR(CheckFree(files));
  std::error_code shown_by_writing;
  if (files.size() > 1) fs::create_directories(options.to, shown_by_writing);
  DataFileWriter writer(store::json::WithoutLinks(files.front()));
  LOADLINE_RETURN_IF_ERROR(WriteRows(source, writer, options.on_progress));
  if (files.size() > 1) LOADLINE_RETURN_IF_ERROR(WriteCatalog(source.catalog(), options.to));
  return ExportReport{.benchmarks = writer.benchmarks(), .quarantined = writer.quarantined(), .files = files};
}

}  // namespace loadline::store::moving
