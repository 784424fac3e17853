#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "cli/api.h"
#include "cli/output/label.h"

namespace loadline::cli {

/// What rows of a file have in common; the text is that of the first.
struct ImportWarning {
  std::size_t rows = 0;
  std::string text;
};

/// One file of an import.
struct ImportedFile {
  std::string path;
  /// Such as "guidellm/v2".
  std::string format = {};
  std::size_t row_count = 0;
  OriginCounts origins = {};
  /// What a person should know of rows, by kind.
  std::map<std::string, ImportWarning> warnings = {};
  /// Nothing was stored.
  bool dry_run = false;
};

/// What became of a file: an answer of the store, or why there is none.
struct ImportOutcome {
  ImportedFile file;
  std::optional<benchmark_api::ImportBenchmarksResponse> response = {};
  /// Why the file was not imported; "" where it was.
  std::string refusal = {};
  /// The refusal is no failure: the file is none that should be imported.
  bool skipped = false;
};

/// What became of `file`: counts, and the first rows that were refused.
void PrintImport(const ImportedFile& file, const benchmark_api::ImportBenchmarksResponse& summary, std::ostream& out);

/// What became of many files: a line for each, the sums, why rows are in
/// quarantine and why files were passed over, with an example of each.
void PrintImports(const std::vector<ImportOutcome>& outcomes, std::ostream& out);

}  // namespace loadline::cli
