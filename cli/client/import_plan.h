#pragma once

#include <cstddef>
#include <functional>

#include "cli/api.h"

namespace loadline::cli {

/// How far an import has come.
struct ImportStep {
  /// All rows are received; they are made part of the store's data.
  bool merging = false;
  /// Rows that are received or, when merging, merged, as the store says. Of a
  /// store that does not say, rows that were sent.
  std::size_t rows = 0;
};

/// What an import sends.
struct ImportPlan {
  std::size_t row_count = 0;
  /// Writes row `index` into the empty `row`. Called in order; from the first
  /// again where the store turns out to be an older one, or asks for a retry.
  std::function<void(std::size_t index, benchmark_api::ImportRow* row)> fill_row;
  /// Is called by another thread, while the import runs.
  std::function<void(const ImportStep& step)> on_progress;
  /// Judges and counts, but stores nothing.
  bool validate_only = false;
};

}  // namespace loadline::cli
