#pragma once

#include <atomic>
#include <cstdint>

#include "services/benchmark-store/app/import_benchmarks.h"

namespace loadline::store {

/// Imports since the start, by how they ended, and the rows of those that were
/// committed.
struct ImportTotals {
  std::int64_t committed = 0;
  std::int64_t validated = 0;
  std::int64_t failed = 0;
  std::int64_t rows_accepted = 0;
  std::int64_t rows_already_present = 0;
  std::int64_t rows_quarantined = 0;
};

/// Counts imports; for metrics. Thread-safe.
class ImportCounts {
 public:
  void Count(const base::Result<ImportSummary>& import) {
    if (!import) {
      ++failed_;
    } else if (import->validate_only) {
      ++validated_;
    } else {
      ++committed_;
      rows_accepted_ += import->outcome.accepted;
      rows_already_present_ += import->outcome.already_present;
      rows_quarantined_ += import->outcome.quarantined;
    }
  }

  ImportTotals totals() const {
    return {.committed = committed_,
            .validated = validated_,
            .failed = failed_,
            .rows_accepted = rows_accepted_,
            .rows_already_present = rows_already_present_,
            .rows_quarantined = rows_quarantined_};
  }

 private:
  std::atomic<std::int64_t> committed_ = 0;
  std::atomic<std::int64_t> validated_ = 0;
  std::atomic<std::int64_t> failed_ = 0;
  std::atomic<std::int64_t> rows_accepted_ = 0;
  std::atomic<std::int64_t> rows_already_present_ = 0;
  std::atomic<std::int64_t> rows_quarantined_ = 0;
};

}  // namespace loadline::store
