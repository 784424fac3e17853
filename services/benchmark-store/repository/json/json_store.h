#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "services/benchmark-store/repository/json/catalog_files.h"
#include "services/benchmark-store/repository/json/data_file.h"
#include "services/benchmark-store/repository/json/file_lock.h"
#include "services/benchmark-store/repository/json/snapshot.h"

namespace loadline::store::json {

/// An import that is collected and not yet committed.
struct StagedImport {
  RowTable accepted;
  std::vector<QuarantinedRow> quarantined;
};

/// Judges a measurement and puts it into canonical form by `catalog`.
using CatalogIntake = std::function<domain::Verdict(domain::Measurement measurement,
                                                    const std::vector<std::string>& problems, const Catalog& catalog)>;

struct JsonStoreOptions {
  std::filesystem::path benchmarks;
  std::filesystem::path catalog_folder;
  /// `catalog_folder` must be there. Files that are not in it are only reported.
  bool catalog_required = false;
  CatalogIntake intake;
  /// Does not keep other stores away: for one that is only read from. Files are
  /// replaced whole, so it reads one version of each.
  bool read_only = false;
};

/// What the operator should know of a load.
struct LoadReport {
  std::size_t benchmarks = 0;
  std::size_t quarantined = 0;
  /// Benchmarks of the file that went to quarantine now.
  std::size_t refused = 0;
  /// Benchmarks that the file held twice.
  std::size_t repeated = 0;
  /// Files of the catalogue that were not there.
  std::vector<std::string> missing_files;
  /// Imports will be refused as long as the folder is not writable.
  bool writable = true;
};

/// Benchmarks and catalogue in memory, kept in JSON files.
///
/// Readers take a snapshot and are never blocked; writers come one after the
/// other, and publish a new snapshot once its file is durable. Thread-safe.
class JsonStore {
 public:
  /// Loads the files. Fails with `kFailedPrecondition`: `DATA_FILE_MISSING`,
  /// `CATALOG_MISSING`, `MALFORMED_DATA_FILE`, `MALFORMED_CATALOG` or
  /// `DATA_IN_USE`.
  static base::Result<std::unique_ptr<JsonStore>> Open(const JsonStoreOptions& options);

  const LoadReport& load_report() const { return load_report_; }

  std::shared_ptr<const Snapshot> Current() const;

  /// See BenchmarkRepository.
  domain::Revision AwaitChange(domain::Revision after, std::chrono::milliseconds wait, const CallScope& scope) const;

  /// Makes durable and visible what is new in `staged`. See ImportSession.
  base::Result<ImportOutcome> Import(const StagedImport& staged, const CallScope& scope);
  /// What `Import` would do now.
  ImportOutcome Preview(const StagedImport& staged) const;

  /// See CatalogRepository.
  base::Result<UpsertedHardware> Upsert(const domain::Hardware& change, const CallScope& scope);

 private:
  JsonStore(std::filesystem::path path, CatalogFiles files) : path_(std::move(path)), files_(std::move(files)) {}

  /// Being the only writer, until destroyed.
  class WriteTurn {
   public:
    explicit WriteTurn(JsonStore& store) : store_(&store) {}
    WriteTurn(WriteTurn&& other) noexcept : store_(std::exchange(other.store_, nullptr)) {}
    ~WriteTurn();

   private:
    JsonStore* store_;
  };

  base::Status Load(const JsonStoreOptions& options);
  base::Status Lock();
  /// Fails with `kDeadlineExceeded` or `kCancelled`.
  base::Result<WriteTurn> AwaitTurn(const CallScope& scope);
  void Publish(Snapshot snapshot);

  const std::filesystem::path path_;
  LoadReport load_report_;

  // Touched only by whoever has the turn.
  std::unique_ptr<FileLock> lock_;
  RowTable table_;
  CatalogFiles files_;

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  bool writing_ = false;                     // guarded by mutex_
  std::shared_ptr<const Snapshot> current_;  // guarded by mutex_
};

}  // namespace loadline::store::json
