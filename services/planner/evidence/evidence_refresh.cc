// How EvidenceCache follows the store: the watcher's thread notes what changed,
// the refreshing thread reads it and publishes the next view.

#include <utility>

#include "libs/rpc/log.h"
#include "services/planner/evidence/evidence_cache.h"

namespace loadline::planner {
namespace {

void LogView(const StoreChange& change) {
  rpc::Log(rpc::LogLevel::kInfo, change.reset ? "evidence_reset" : "evidence_revision",
           {{"revision", std::to_string(change.revision)},
            {"snapshot_id", change.snapshot_id},
            {"changed_models", std::to_string(change.models.size())},
            {"catalog_changed", change.catalog ? "true" : "false"}});
}

rpc::LogFields ErrorFields(const base::Error& error) {
  return {{"reason", error.reason}, {"message", error.message}, {"detail", error.detail}};
}

bool HasUnknownModel(const Catalog& catalog, const StoreChange& change) {
  for (const auto& model : change.models) {
    if (!catalog.planning.models.contains(model)) return true;
  }
  return false;
}

}  // namespace

void EvidenceCache::Heard(const StoreChange* news) {
  bool connected = false;
  {
    const std::lock_guard lock(pending_mutex_);
    if (news != nullptr) pending_ = pending_ ? Merged(std::move(*pending_), *news) : *news;
    connected = contact_.Heard();
    NoteIfCaughtUp();
    wake_ = true;
  }
  woken_.notify_all();
  if (connected) rpc::Log(rpc::LogLevel::kInfo, "store_connected");
  ReportReadiness();
}

void EvidenceCache::Lost(const base::Error& error) {
  if (contact_.Lost()) rpc::Log(rpc::LogLevel::kWarning, "store_lost", ErrorFields(error));
  ReportReadiness();
}

// Every message wakes it, also one without news, so that what could not be read
// is tried again and freed memory is returned in time.
void EvidenceCache::RefreshWhenWoken() {
  std::optional<StoreChange> change;
  while (TakeChange(&change)) {
    if (change && TryRefresh(*change)) {
      trim_.Freed(change->models.size());  // what they were before; a load counted the rest
      change.reset();
    }
    Settle(std::move(change));
    trim_.TrimIfDue();
  }
}

// Waits for a message. `change` is what is pending, if anything. False to stop.
bool EvidenceCache::TakeChange(std::optional<StoreChange>* change) {
  std::unique_lock lock(pending_mutex_);
  woken_.wait(lock, [this] { return stopping_ || wake_; });
  wake_ = false;
  *change = std::exchange(pending_, std::nullopt);
  refreshing_ = change->has_value();
  return !stopping_;
}

void EvidenceCache::Settle(std::optional<StoreChange> unread) {
  {
    const std::lock_guard lock(pending_mutex_);
    refreshing_ = false;
    if (unread) pending_ = pending_ ? Merged(std::move(*unread), *pending_) : std::move(unread);
    NoteIfCaughtUp();
  }
  ReportReadiness();
}

// Call with `pending_mutex_` held: a message between the question and the note
// would be passed over.
void EvidenceCache::NoteIfCaughtUp() {
  if (!pending_ && !refreshing_) contact_.CaughtUp();
}

bool EvidenceCache::TryRefresh(const StoreChange& change) {
  const auto published = Refresh(change);
  if (!published) rpc::Log(rpc::LogLevel::kWarning, "refresh_failed", ErrorFields(published.error()));
  contact_.ReadWorked(published.has_value());
  return published.value_or(false);
}

base::Result<bool> EvidenceCache::Refresh(const StoreChange& change) {
  const auto last = CurrentView();
  const View view = last ? *last : View{};
  LOADLINE_RETURN_IF_ERROR(ReadCatalog(view, change));
  // The store is ahead of what it announced to us: its next message, which is
  // on the way, covers everything up to this catalogue.
  if (catalog_->revision > change.revision) return false;
  LOADLINE_ASSIGN_OR_RETURN(auto reloaded, Reload(view, change));
  const ViewUpdate update{.change = change, .catalog = catalog_, .reloaded = std::move(reloaded)};
  Publish([&](const View& current) { return Advanced(current, update); });
  LogView(change);
  return true;
}

base::Status EvidenceCache::ReadCatalog(const View& view, const StoreChange& change) {
  const bool none = !catalog_ || !view.catalog || change.reset;
  const bool behind = !none && catalog_->revision < change.revision;
  if (!none && !(behind && (change.catalog || HasUnknownModel(*catalog_, change)))) return {};
  LOADLINE_ASSIGN_OR_RETURN(auto read, store_.ReadCatalog(clock_.Now() + options_.loads.timeout));
  catalog_ = MakeCatalog(std::move(read));
  return {};
}

// Changed models that are in use are read before the view moves on, so that no
// call waits for them, nor fails if the store goes away just then.
base::Result<std::map<std::string, LoadedModelPtr>> EvidenceCache::Reload(const View& view, const StoreChange& change) {
  std::map<std::string, ModelLoads::Flight> flights;
  for (const auto& model : change.models) {
    const auto* slot = change.reset ? nullptr : view.Find(model);
    if (slot == nullptr || !slot->loaded) continue;
    flights.emplace(model, loads_.Start({.model = model, .revision = change.revision, .generation = view.generation}));
  }
  std::map<std::string, LoadedModelPtr> reloaded;
  for (const auto& [model, flight] : flights) {
    LOADLINE_ASSIGN_OR_RETURN(reloaded[model], Await(flight, {}));
  }
  return reloaded;
}

void EvidenceCache::ReportReadiness() {
  const std::lock_guard lock(ready_mutex_);
  const bool ready = Current().has_value();
  if (std::exchange(ready_, ready) != ready) on_ready_(ready);
}

}  // namespace loadline::planner
