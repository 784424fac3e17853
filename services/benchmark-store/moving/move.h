#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "services/benchmark-store/moving/place.h"
#include "services/benchmark-store/moving/summaries_source.h"
#include "services/benchmark-store/moving/verify.h"

namespace loadline::store::moving {

/// What a move does at present, and how far it is; `total` is an estimate.
struct Stage {
  std::string name;
  std::int64_t total = 0;
};

struct MoveOptions {
  Place from;
  /// A database.
  Place to;
  /// Where the catalogue is read from, for a database that has none and a
  /// source that brings none.
  std::filesystem::path catalog_folder;
  /// Rows of one commit, about.
  std::int64_t batch_rows = 50'000;
  /// Copies nothing.
  bool verify_only = false;
  SummaryReader summaries;
  std::function<void(const Stage& stage)> on_stage;
  OnProgress on_progress;
};

struct MoveReport {
  /// Rows of an older table were read and judged.
  bool adopted = false;
  /// Rows that an earlier run, which was cut off, had moved.
  std::int64_t resumed_rows = 0;
  Progress progress;
  std::vector<TableVerdict> tables;

  bool same() const;
};

/// Brings the schema of `to` up to date, merges the catalogue and all rows of
/// `from` into it, and compares both sides. A database that has the table
/// `exported_summaries`, and no benchmarks in our tables or is `to` itself, is
/// adopted: its rows are read from there. Fails with `kInvalidArgument` on
/// `--from` or `--to`, or as the stores of both sides do.
base::Result<MoveReport> Move(const MoveOptions& options);

}  // namespace loadline::store::moving
