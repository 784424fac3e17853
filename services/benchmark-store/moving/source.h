#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "services/benchmark-store/repository/catalog_repository.h"

namespace loadline::store::moving {

/// A row that is moved.
struct MovedRow {
  domain::Verdict verdict;
  bool quarantined = false;
  /// Of a row in quarantine: where it stood in its report.
  std::string location = {};
};

struct RowPage {
  std::vector<MovedRow> rows;
  /// The `after` of the next page; empty on the last.
  std::string next;
};

/// What is moved from. Not thread-safe.
class Source {
 public:
  virtual ~Source() = default;
  /// The rows after `after` (empty: the first), as they were when the source
  /// was opened. Asking again gives the same rows.
  virtual base::Result<RowPage> Read(const std::string& after) = 0;
  /// Empty where the source has none.
  virtual const Catalog& catalog() const = 0;
  /// About how many rows there are: for a progress bar.
  virtual std::int64_t row_count() const = 0;
  /// The same text names the same rows in the same order.
  virtual std::string identity() const = 0;
};

}  // namespace loadline::store::moving
