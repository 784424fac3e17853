#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "services/benchmark-store/app/repositories.h"

namespace loadline::store {

/// One row of an import, unchecked.
struct ImportedRow {
  domain::Measurement measurement;
  /// Where it stands in its file.
  std::string location;
  /// What the importer found wrong.
  std::vector<std::string> problems;
};

/// What an import did.
struct ImportSummary {
  ImportOutcome outcome;
  /// Quarantined rows by reason, most frequent first, then by name.
  std::vector<std::pair<std::string, std::int64_t>> reason_counts;
  /// The first 20 of them.
  std::vector<QuarantinedRow> quarantined;
  /// Nothing was stored; it was only asked what would be.
  bool validate_only = false;
};

/// How far an import has come. Counts are rows.
struct ImportProgress {
  /// The commit was received.
  bool merging = false;
  std::int64_t received = 0;
  /// Those of them that are to go to quarantine.
  std::int64_t quarantined = 0;
  /// Those of them that are merged.
  std::int64_t merged = 0;

  friend bool operator==(const ImportProgress&, const ImportProgress&) = default;
};

using OnImportProgress = std::function<void(const ImportProgress&)>;

/// One import, from its first row to its commit. Nothing is stored before
/// `Finish`, and nothing at all if that is never called. Not thread-safe.
class ImportBenchmarks {
 public:
  /// `max_rows` bounds the memory that one import can take.
  static base::Result<ImportBenchmarks> Begin(const Repositories& repositories, std::int64_t max_rows,
                                              const CallScope& scope);

  /// Judges a row. Fails with `kResourceExhausted` (`IMPORT_TOO_LARGE`).
  base::Status Add(ImportedRow row);

  const ImportProgress& progress() const { return progress_; }

  /// Ends the import. Tells of merging; `on_progress` must not block. Fails with `kInvalidArgument` on
  /// `commit.row_count` if that is not the number of rows added. With `validate_only` nothing is stored. Call once.
  base::Result<ImportSummary> Finish(
      std::int64_t row_count, bool validate_only, const OnImportProgress& on_progress = [](const ImportProgress&) {});

 private:
  ImportBenchmarks(std::shared_ptr<const Catalog> catalog, std::unique_ptr<ImportSession> session,
                   std::int64_t max_rows)
      : catalog_(std::move(catalog)), session_(std::move(session)), max_rows_(max_rows) {}

  base::Status Quarantine(QuarantinedRow row);

  std::shared_ptr<const Catalog> catalog_;
  std::unique_ptr<ImportSession> session_;
  std::int64_t max_rows_;
  ImportProgress progress_;
  std::map<std::string, std::int64_t> reason_counts_;
  std::vector<QuarantinedRow> samples_;
};

}  // namespace loadline::store
