#include "services/benchmark-store/app/import_benchmarks.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "services/benchmark-store/app/canonical_names.h"
#include "services/benchmark-store/app/text_limit.h"

namespace loadline::store {
namespace {

constexpr std::size_t kSamples = 20;

base::Error TooLarge(std::int64_t max_rows) {
  return {.code = base::ErrorCode::kResourceExhausted,
          .reason = "IMPORT_TOO_LARGE",
          .message = fmt::format("An import may have at most {} rows; nothing was imported. Split it.", max_rows),
          .metadata = {{"max_rows", std::to_string(max_rows)}}};
}

base::Error WrongRowCount(std::int64_t said, std::int64_t received) {
  auto error = base::InvalidArgument(
      "commit.row_count",
      fmt::format("is {}, but {} rows were received; nothing was imported. Send the import again.", said, received));
  error.metadata["row_count"] = std::to_string(said);
  error.metadata["received"] = std::to_string(received);
  return error;
}

std::vector<std::pair<std::string, std::int64_t>> MostFrequentFirst(const std::map<std::string, std::int64_t>& counts) {
  std::vector<std::pair<std::string, std::int64_t>> sorted(counts.begin(), counts.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  return sorted;
}

}  // namespace

base::Result<ImportBenchmarks> ImportBenchmarks::Begin(const Repositories& repositories, std::int64_t max_rows,
                                                       const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(auto snapshot, repositories.catalog.Read(scope));
  LOADLINE_ASSIGN_OR_RETURN(auto session, repositories.benchmarks.BeginImport(scope));
  return ImportBenchmarks(std::move(snapshot.catalog), std::move(session), max_rows);
}

base::Status ImportBenchmarks::Add(ImportedRow row) {
  if (++progress_.received > max_rows_) return base::Fail(TooLarge(max_rows_));
  row = WithinTextLimits(std::move(row));
  auto verdict = JudgeRow(std::move(row.measurement), row.problems, *catalog_);
  if (verdict.accepted()) return session_->Accept(verdict);
  return Quarantine(QuarantinedFrom(std::move(verdict), std::move(row.location)));
}

base::Status ImportBenchmarks::Quarantine(QuarantinedRow row) {
  ++progress_.quarantined;
  std::set<std::string> reasons;
  for (const auto& reason : row.reasons) reasons.insert(reason.reason);
  for (const auto& reason : reasons) ++reason_counts_[reason];
  if (samples_.size() < kSamples) samples_.push_back(row);
  return session_->Quarantine(std::move(row));
}

base::Result<ImportSummary> ImportBenchmarks::Finish(std::int64_t row_count, bool validate_only,
                                                     const OnImportProgress& on_progress) {
  if (row_count != progress_.received) return base::Fail(WrongRowCount(row_count, progress_.received));
  const auto on_merged = [&](std::int64_t rows) {
    progress_.merged = rows;
    on_progress(progress_);
  };
  progress_.merging = true;
  on_merged(0);
  LOADLINE_ASSIGN_OR_RETURN(const auto outcome, validate_only ? session_->DryRun() : session_->Commit(on_merged));
  return ImportSummary{.outcome = outcome,
                       .reason_counts = MostFrequentFirst(reason_counts_),
                       .quarantined = std::move(samples_),
                       .validate_only = validate_only};
}

}  // namespace loadline::store
