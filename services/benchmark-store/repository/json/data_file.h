#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "libs/base/result.h"
#include "services/benchmark-store/repository/json/snapshot.h"

namespace loadline::store::json {

/// Puts a measurement, with what its reader found wrong, into canonical form
/// and judges it.
using Intake =
    std::function<domain::Verdict(domain::Measurement measurement, const std::vector<std::string>& problems)>;

/// What a data file held.
struct LoadedData {
  RowTable table;
  std::vector<QuarantinedRow> quarantined;
  /// The newest of the file's and its rows'; 0 if there are no rows.
  domain::Revision revision = 0;
  /// Rows of "benchmarks" that the intake refused; they are in quarantine now.
  std::size_t refused = 0;
  /// Rows of "benchmarks" that were there twice.
  std::size_t repeated = 0;
};

/// Reads `{"benchmarks": [...], "quarantined": [...], "revision": N}`, or a
/// bare array of benchmarks. Rows without a revision are of revision 1. Fails
/// with `kFailedPrecondition`: `DATA_FILE_MISSING`, or `MALFORMED_DATA_FILE`
/// with line and column. Messages name the path: they are for the operator.
base::Result<LoadedData> ReadDataFile(const std::filesystem::path& path, const Intake& intake);

/// Replaces the file durably. Fails with `kFailedPrecondition`
/// (`DATA_NOT_WRITABLE`), and then the old content stands.
base::Status WriteDataFile(const std::filesystem::path& path, const Snapshot& snapshot);

/// The rows of `rows` whose content is not in `snapshot`, each once, ascending.
std::vector<std::uint32_t> NewRows(const RowView& rows, const Snapshot& snapshot);

}  // namespace loadline::store::json
