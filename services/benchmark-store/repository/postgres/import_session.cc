#include "services/benchmark-store/repository/postgres/import_session.h"

#include "services/benchmark-store/repository/postgres/call_time.h"
#include "services/benchmark-store/repository/postgres/merge.h"
#include "services/benchmark-store/repository/postgres/staging.h"

namespace loadline::store::postgres {
namespace {

// Of a merge that another change came in between of.
constexpr int kAttempts = 4;

class PostgresImportSession final : public ImportSession {
 public:
  PostgresImportSession(PostgresStore& store, Lease lease, CallScope scope)
      : store_(store), lease_(std::move(lease)), scope_(std::move(scope)), staging_(*lease_) {}

  base::Status Accept(const domain::Verdict& verdict) override { return staging_.Add(verdict, scope_); }
  base::Status Quarantine(QuarantinedRow row) override { return staging_.Quarantine(row, scope_); }

  base::Result<ImportOutcome> Commit(const OnMerged& on_merged) override {
    LOADLINE_RETURN_IF_ERROR(Send());
    for (int attempt = 1;; ++attempt) {
      on_merged(0);
      auto outcome = Merge(on_merged);
      if (outcome || attempt == kAttempts || outcome.error().code != base::ErrorCode::kAborted ||
          !AwaitRetry(attempt, scope_)) {
        return outcome;
      }
    }
  }

  base::Result<ImportOutcome> DryRun() override {
    LOADLINE_RETURN_IF_ERROR(Send());
    LOADLINE_ASSIGN_OR_RETURN(const auto merged, CountStaged(*lease_, scope_));
    LOADLINE_ASSIGN_OR_RETURN(const auto state, ReadState(*lease_, scope_));
    return OutcomeOf(merged, state.revision);
  }

 private:
  /// Where it fails, what is staged may be merged again.
  base::Result<ImportOutcome> Merge(const OnMerged& on_merged) {
    LOADLINE_RETURN_IF_ERROR(store_.EnsurePartitions(*lease_, staging_.months(), scope_));
    LOADLINE_ASSIGN_OR_RETURN(auto transaction, Transaction::Begin(*lease_, scope_));
    LOADLINE_ASSIGN_OR_RETURN(const auto state, LockState(*lease_, scope_));
    LOADLINE_ASSIGN_OR_RETURN(const auto merged, MergeStaged(*lease_, staging_.accepted(), on_merged, scope_));
    on_merged(staging_.accepted() + staging_.quarantined());
    if (merged.empty()) return OutcomeOf(merged, state.revision);
    if (IsOver(scope_)) return base::Fail(OutOfTime(scope_));
    LOADLINE_RETURN_IF_ERROR(transaction.Commit(scope_));
    store_.Learn(state.revision + 1, false);
    return OutcomeOf(merged, state.revision + 1);
  }

  base::Status Send() {
    if (IsOver(scope_)) return base::Fail(OutOfTime(scope_));
    return staging_.Flush(scope_);
  }

  ImportOutcome OutcomeOf(const Merged& merged, domain::Revision revision) const {
    return {.accepted = merged.accepted,
            .already_present = staging_.accepted() - merged.accepted,
            .quarantined = staging_.quarantined(),
            .saturated = merged.saturated,
            .revision = revision};
  }

  PostgresStore& store_;
  Lease lease_;
  const CallScope scope_;
  Staging staging_;
};

}  // namespace

base::Result<std::unique_ptr<ImportSession>> BeginImport(PostgresStore& store, const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(auto lease, store.imports().Acquire(scope));
  LOADLINE_RETURN_IF_ERROR(Staging::Prepare(*lease, scope));
  return std::make_unique<PostgresImportSession>(store, std::move(lease), scope);
}

}  // namespace loadline::store::postgres
