#include "services/benchmark-store/repository/json/json_store.h"

#include <malloc.h>

#include <algorithm>
#include <set>

#include "services/benchmark-store/repository/json/durable_file.h"

namespace loadline::store::json {
namespace {

// How often a waiting call looks whether its caller is still there.
constexpr std::chrono::milliseconds kCancellationPoll(20);

/// What an import adds.
struct ImportPlan {
  std::vector<std::uint32_t> rows;
  std::vector<QuarantinedRow> quarantined;
  ImportOutcome outcome;

  bool empty() const { return rows.empty() && quarantined.empty(); }
};

std::vector<QuarantinedRow> NewlyQuarantined(const std::vector<QuarantinedRow>& staged, const Quarantine& present) {
  std::set<domain::BenchmarkId> ids;
  if (!staged.empty()) {
    for (const auto& row : present) ids.insert(row->id);
  }
  std::vector<QuarantinedRow> fresh;
  for (const auto& row : staged) {
    if (ids.insert(row.id).second) fresh.push_back(row);
  }
  return fresh;
}

ImportPlan Plan(const StagedImport& staged, const Snapshot& snapshot) {
  const auto rows = staged.accepted.Share();
  ImportPlan plan = {.rows = NewRows(rows, snapshot),
                     .quarantined = NewlyQuarantined(staged.quarantined, *snapshot.quarantine),
                     .outcome = {}};
  const auto is_saturated = [&](auto row) { return rows[row].saturated; };
  plan.outcome = {.accepted = std::ssize(plan.rows),
                  .already_present = static_cast<std::int64_t>(rows.size()) - std::ssize(plan.rows),
                  .quarantined = std::ssize(staged.quarantined),
                  .saturated = std::count_if(plan.rows.begin(), plan.rows.end(), is_saturated),
                  .revision = snapshot.revision + (plan.empty() ? 0 : 1)};
  return plan;
}

// What a load or an import needed for a while goes back to the system, not
// into a heap that waits for the next one.
void ReturnFreeMemory() { ::malloc_trim(0); }

base::Error OutOfTime(const CallScope& scope) {
  if (scope.cancelled()) {
    return {.code = base::ErrorCode::kCancelled, .reason = "CANCELLED", .message = "The caller has gone."};
  }
  return {.code = base::ErrorCode::kDeadlineExceeded,
          .reason = "NO_TIME_LEFT",
          .message = "Another change took all the time that this call had, so nothing was changed. Retry it."};
}

bool IsOver(const CallScope& scope) { return scope.cancelled() || std::chrono::steady_clock::now() >= scope.deadline; }

std::vector<domain::Hardware> WithMerged(std::vector<domain::Hardware> hardware, const domain::Hardware& change) {
  const auto found =
      std::find_if(hardware.begin(), hardware.end(), [&](const auto& each) { return each.name == change.name; });
  if (found == hardware.end()) {
    hardware.push_back(domain::Merge({.name = change.name, .prices = {}, .aliases = {}}, change));
  } else {
    *found = domain::Merge(*found, change);
  }
  return hardware;
}

const domain::Hardware& Named(const Catalog& catalog, const std::string& name) {
  return *std::find_if(catalog.hardware.begin(), catalog.hardware.end(),
                       [&](const auto& each) { return each.name == name; });
}

}  // namespace

base::Result<std::unique_ptr<JsonStore>> JsonStore::Open(const JsonStoreOptions& options) {
  LOADLINE_ASSIGN_OR_RETURN(auto files, CatalogFiles::Read(options.catalog_folder, options.catalog_required));
  std::unique_ptr<JsonStore> store(new JsonStore(WithoutLinks(options.benchmarks), std::move(files)));
  if (!options.read_only) LOADLINE_RETURN_IF_ERROR(store->Lock());
  store->load_report_.writable = store->lock_ != nullptr;
  LOADLINE_RETURN_IF_ERROR(store->Load(options));
  ReturnFreeMemory();
  return store;
}

base::Status JsonStore::Lock() {
  if (lock_ != nullptr) return {};
  LOADLINE_ASSIGN_OR_RETURN(lock_, FileLock::Acquire(path_));
  if (lock_ == nullptr) return {};
  // A crash may have left one; nobody writes it while we hold the lock.
  std::error_code ignored;
  std::filesystem::remove(DurableFile::TemporaryPath(path_), ignored);
  return {};
}

base::Status JsonStore::Load(const JsonStoreOptions& options) {
  const auto& catalog = files_.catalog();
  const Intake intake = [&](auto measurement, const auto& problems) {
    return options.intake(std::move(measurement), problems, *catalog.catalog);
  };
  LOADLINE_ASSIGN_OR_RETURN(auto data, ReadDataFile(path_, intake));
  table_ = std::move(data.table);
  load_report_.refused = data.refused;
  load_report_.repeated = data.repeated;
  load_report_.missing_files = files_.missing();
  Snapshot empty;
  empty.catalog = catalog;
  const auto revision = std::max(data.revision, catalog.changed_at);
  auto loaded = Extended(empty, table_.Share(), std::move(data.quarantined), revision);
  load_report_.benchmarks = loaded.rows.size();
  load_report_.quarantined = loaded.quarantine->size();
  Publish(std::move(loaded));
  return {};
}

std::shared_ptr<const Snapshot> JsonStore::Current() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

void JsonStore::Publish(Snapshot snapshot) {
  auto next = std::make_shared<const Snapshot>(std::move(snapshot));
  const std::lock_guard lock(mutex_);
  // The old one is destroyed after the lock is released.
  current_.swap(next);
  changed_.notify_all();
}

domain::Revision JsonStore::AwaitChange(domain::Revision after, std::chrono::milliseconds wait,
                                        const CallScope& scope) const {
  const auto until = std::chrono::steady_clock::now() + wait;
  std::unique_lock lock(mutex_);
  while (current_->revision <= after && !IsOver(scope)) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    if (left <= left.zero()) break;
    changed_.wait_for(lock, std::min(left, kCancellationPoll));
  }
  return current_->revision;
}

JsonStore::WriteTurn::~WriteTurn() {
  if (store_ == nullptr) return;
  const std::lock_guard lock(store_->mutex_);
  store_->writing_ = false;
  store_->changed_.notify_all();
}

base::Result<JsonStore::WriteTurn> JsonStore::AwaitTurn(const CallScope& scope) {
  std::unique_lock lock(mutex_);
  while (writing_ && !IsOver(scope)) changed_.wait_for(lock, kCancellationPoll);
  if (writing_ || IsOver(scope)) return base::Fail(OutOfTime(scope));
  writing_ = true;
  return WriteTurn(*this);
}

base::Result<ImportOutcome> JsonStore::Import(const StagedImport& staged, const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(const auto turn, AwaitTurn(scope));
  const auto current = Current();
  auto plan = Plan(staged, *current);
  if (plan.empty()) return plan.outcome;
  LOADLINE_RETURN_IF_ERROR(Lock());
  // Rows of an import that failed are still there, seen by nobody.
  table_.Truncate(current->rows.size());
  const auto rows = staged.accepted.Share();
  for (const auto row : plan.rows) table_.AppendFrom(rows, row, plan.outcome.revision);
  for (auto& row : plan.quarantined) row.revision = plan.outcome.revision;
  auto next = Extended(*current, table_.Share(), std::move(plan.quarantined), plan.outcome.revision);
  LOADLINE_RETURN_IF_ERROR(WriteDataFile(path_, next));
  Publish(std::move(next));
  ReturnFreeMemory();
  return plan.outcome;
}

ImportOutcome JsonStore::Preview(const StagedImport& staged) const {
  const auto current = Current();
  auto outcome = Plan(staged, *current).outcome;
  outcome.revision = current->revision;
  return outcome;
}

base::Result<UpsertedHardware> JsonStore::Upsert(const domain::Hardware& change, const CallScope& scope) {
  LOADLINE_ASSIGN_OR_RETURN(const auto turn, AwaitTurn(scope));
  auto next = *Current();
  auto hardware = WithMerged(next.catalog.catalog->hardware, change);
  if (hardware == next.catalog.catalog->hardware) {
    return UpsertedHardware{Named(*next.catalog.catalog, change.name), next.revision};
  }
  ++next.revision;
  next.catalog = files_.With(std::move(hardware), next.revision);
  LOADLINE_RETURN_IF_ERROR(files_.Write(next.catalog));
  UpsertedHardware result = {Named(*next.catalog.catalog, change.name), next.revision};
  Publish(std::move(next));
  return result;
}

}  // namespace loadline::store::json
