#pragma once

#include <cstddef>
#include <ostream>
#include <string>

#include "cli/api.h"
#include "cli/output/label.h"

namespace loadline::cli {

/// One file of an import.
struct ImportedFile {
  std::string path;
  /// Such as "guidellm/v2".
  std::string format;
  std::size_t row_count = 0;
  OriginCounts origins = {};
  /// Nothing was stored.
  bool dry_run = false;
};

/// What became of `file`: counts, and the first rows that were refused.
void PrintImport(const ImportedFile& file, const benchmark_api::ImportBenchmarksResponse& summary, std::ostream& out);

}  // namespace loadline::cli
