#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"
#include "libs/domain/benchmark.h"

namespace loadline::cli {

/// A file as it was read. `text` has no byte order mark.
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

/// One report format. Stateless.
class Importer {
 public:
  virtual ~Importer() = default;
  /// The format's name, such as "guidellm".
  virtual std::string_view name() const = 0;
  /// True if this looks like the importer's format. Cheap, never fails.
  virtual bool Recognises(const struct Document& document) const = 0;
  /// Reads all rows. Fails with `kInvalidArgument` if the file as a whole is
  /// of no use (`ALL_REQUESTS_FAILED`, `NOT_A_REPORT`), saying what to do.
  virtual base::Result<ImportedReport> Read(const struct Document& document) const = 0;
};

/// Recognises `file`, reads it and applies `overrides`. Provenance (format,
/// tool version, SHA-256, path) is set on every row. Fails with
/// `kInvalidArgument`: `MALFORMED_JSON` (line and column), `NOT_A_REPORT` (with
/// the formats that are known), `ALL_REQUESTS_FAILED`,
/// `MISSING_SETTING` (one violation for each flag that the report needs, such
/// as `--hardware`).
base::Result<ImportedReport> ReadReport(const ReportFile& file, const ImportOverrides& overrides);

}  // namespace loadline::cli
