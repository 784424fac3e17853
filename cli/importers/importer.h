#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"
#include "libs/domain/benchmark.h"

namespace loadline::cli {

/// Larger reports are refused: parsed, they would take many times as much.
inline constexpr std::size_t kMaxReportBytes = std::size_t{256} << 20U;

/// A file as it was read.
struct ReportFile {
  std::string path;
  std::string text;
};

/// What the report does not say and the person supplies. Set values win over
/// the report.
struct ImportOverrides {
  std::string model = {};
  std::string hardware = {};
  std::optional<int> hardware_count = {};
  std::string framework = {};
  std::string framework_version = {};
  std::string precision = {};
};

/// One row of a report.
struct ImportedRow {
  domain::Measurement measurement;
  /// Where it stands in the file, such as `benchmarks[3]` or `line 12`.
  std::string location;
  /// What could not be read. Rows with problems go to quarantine.
  std::vector<std::string> problems;
};

/// What a file holds.
struct ImportedReport {
  /// Such as "guidellm/v2".
  std::string format;
  std::vector<ImportedRow> rows;
};

struct Document;

/// One report format. Stateless.
class Importer {
 public:
  virtual ~Importer() = default;
  /// How the format is called where known formats are listed.
  virtual std::string_view name() const = 0;
  /// True if this looks like the importer's format. Cheap, never fails.
  virtual bool Recognises(const Document& document) const = 0;
  /// Reads all rows of a document that it recognises. A row that cannot be
  /// understood comes with its problems. Fails with `kInvalidArgument`
  /// (`NOT_A_REPORT`) if the file as a whole is of no use, saying what to do.
  virtual base::Result<ImportedReport> Read(const Document& document) const = 0;
};

/// Recognises `file`, reads it and applies `overrides`. Provenance (format,
/// SHA-256, path, and the source where the report names none) is set on every
/// row. A row that lacks a setting that others have comes with that as a
/// problem. Fails with `kInvalidArgument`: `MALFORMED_JSON` (line and column),
/// `FILE_TOO_LARGE`, `NOT_A_REPORT` (with the formats that are known, or what
/// to do with this one), `ALL_REQUESTS_FAILED`, `MISSING_SETTING` (one
/// violation for each flag that the report needs, such as `--hardware`).
/// Messages do not repeat the path.
base::Result<ImportedReport> ReadReport(const ReportFile& file, const ImportOverrides& overrides);

}  // namespace loadline::cli
