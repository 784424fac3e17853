#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "cli/commands/import_run.h"
#include "cli/commands/report_search.h"

namespace loadline::cli {

/// A file that was found, and what became of reading it.
struct PreparedReport {
  FoundReport file;
  /// Read and complete; dropped where too many rows are held already.
  std::optional<ImportedReport> report = {};
  std::optional<base::Error> failure = {};

  /// It is no report, which is no failure of a file in a folder.
  bool skipped() const;
  bool lacks_settings() const { return failure && failure->reason == "MISSING_SETTING"; }
};

/// Reads reports with the settings that each has.
class ReportReader {
 public:
  explicit ReportReader(const ImportArguments& arguments) : arguments_(arguments) {}

  base::Result<ImportedReport> Read(const FoundReport& file);
  /// As Read, keeping the rows while they are few enough altogether; others are
  /// to be read again when they are needed.
  PreparedReport Prepare(const FoundReport& file);

 private:
  base::Result<ImportOverrides> FallbacksFor(const FoundReport& file);

  const ImportArguments& arguments_;
  MetaFiles meta_files_;
  std::size_t kept_rows_ = 0;
};

/// One failure for each setting that files lack, with those files: asked for
/// once, however many there are.
std::vector<base::FieldViolation> MissingSettings(const std::vector<PreparedReport>& reports);

}  // namespace loadline::cli
