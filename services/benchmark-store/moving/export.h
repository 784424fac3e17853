#pragma once

#include <filesystem>

#include "services/benchmark-store/moving/copy.h"
#include "services/benchmark-store/moving/source.h"

namespace loadline::store::moving {

struct ExportOptions {
  /// A folder, made where it is not there, gets the benchmarks and the
  /// catalogue, as DATA_DIR has them; a name that ends in `.json` gets the
  /// benchmarks alone.
  std::filesystem::path to;
  /// Replaces files that are there.
  bool force = false;
  OnProgress on_progress;
};

struct ExportReport {
  std::int64_t benchmarks = 0;
  std::int64_t quarantined = 0;
  std::vector<std::filesystem::path> files;
};

/// Writes the files that a store on JSON reads. The same data give the same
/// bytes: rows are in order (the quarantine by id), and revisions, which count
/// the changes of one store, are left out. Each file is replaced whole or not
/// at all. Takes the memory of a page, and 40 bytes for each row in quarantine.
/// Fails with `kFailedPrecondition`: `FILE_EXISTS`, `DATA_NOT_WRITABLE`.
base::Result<ExportReport> Export(Source& source, const ExportOptions& options);

}  // namespace loadline::store::moving
