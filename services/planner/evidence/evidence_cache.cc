#include "services/planner/evidence/evidence_cache.h"

#include <utility>

#include "libs/rpc/log.h"

namespace loadline::planner {
namespace {

constexpr std::chrono::milliseconds kRetryAfter = std::chrono::seconds(1);

base::Error NoEvidence() {
  return base::Unavailable("STORE_UNREACHABLE",
                           "The planner has not reached the benchmark store yet, so it has no evidence to answer from. "
                           "Check that the store runs, and retry.",
                           kRetryAfter);
}

base::Error TooOld(std::chrono::milliseconds age) {
  auto error =
      base::Unavailable("STORE_UNREACHABLE",
                        "The benchmark store has been away for " + std::to_string(age.count()) +
                            " ms, and the planner's evidence is too old to answer from. Retry when it is back.",
                        kRetryAfter);
  error.metadata = {{"evidence_age_ms", std::to_string(age.count())}};
  return error;
}

base::Error CannotLoad(const std::string& model, const base::Error& cause) {
  auto error = base::Unavailable(
      "STORE_UNREACHABLE",
      "The benchmarks of `" + model + "` are not loaded, and the benchmark store could not be asked for them. Retry.",
      kRetryAfter);
  error.metadata = {{"model", model}};
  error.detail = cause.message + (cause.detail.empty() ? "" : " " + cause.detail);
  return error;
}

// A caller's own deadline is told as such; everything else is the store's.
base::Error LoadError(const std::string& model, base::Error error, const CallScope& scope) {
  const bool callers =
      error.code == base::ErrorCode::kCancelled ||
      (error.code == base::ErrorCode::kDeadlineExceeded && std::chrono::steady_clock::now() >= scope.deadline);
  return callers ? std::move(error) : CannotLoad(model, error);
}

std::vector<const ModelSlot*> SlotsOf(const View& view, const std::vector<std::string>& models) {
  std::vector<const ModelSlot*> slots;
  for (const auto& model : models) {
    if (const auto* slot = view.Find(model)) slots.push_back(slot);
  }
  if (models.empty()) {
    for (const auto& slot : view.slots) slots.push_back(&slot);
  }
  return slots;
}

}  // namespace

EvidenceCache::EvidenceCache(EvidenceStore& store, const base::Clock& clock, EvidenceOptions options)
    : store_(store),
      clock_(clock),
      options_(options),
      contact_(clock),
      trim_(clock),
      loads_(
          store, clock, trim_, options.loads,
          [this](const ModelKey& key) {
            const auto view = CurrentView();
            return view ? view->Find(key) : nullptr;
          },
          [this](const ModelKey& key, const LoadedModelPtr& loaded) {
            Touch(*loaded);
            Publish([&](const View& view) { return WithModel(view, key, loaded); });
          }),
      watcher_(store, options.watch,
               {.heard = [this](const StoreChange* news) { Heard(news); },
                .lost = [this](const base::Error& error) { Lost(error); }}) {}

EvidenceCache::~EvidenceCache() { Stop(); }

void EvidenceCache::Start(std::function<void(bool)> on_ready) {
  on_ready_ = std::move(on_ready);
  refresher_ = std::thread([this] { RefreshWhenWoken(); });
  watcher_.Start();
}

void EvidenceCache::Stop() {
  store_.Shutdown();
  {
    const std::lock_guard lock(pending_mutex_);
    stopping_ = true;
  }
  woken_.notify_all();
  watcher_.Stop();
  loads_.Stop();
  if (refresher_.joinable()) refresher_.join();
}

base::Result<Snapshot> EvidenceCache::Current() const {
  auto view = CurrentView();
  if (!view) return base::Fail(NoEvidence());
  const auto now = contact_.Now();
  if (now.stale && now.age > options_.max_age) return base::Fail(TooOld(now.age));
  const Freshness freshness{.revision = view->revision, .stale = now.stale, .evidence_age = now.age};
  return Snapshot{.view = std::move(view), .freshness = freshness, .store_away = now.away};
}

EvidenceStats EvidenceCache::stats() const {
  EvidenceStats stats{.hits = hits_, .misses = misses_, .evictions = evictions_, .max_bytes = options_.max_bytes};
  stats.contact = contact_.Now();
  const auto view = CurrentView();
  if (!view) return stats;
  stats.revision = view->revision;
  stats.bytes = view->bytes();
  for (const auto& slot : view->slots) stats.models += slot.loaded ? 1 : 0;
  return stats;
}

base::Result<std::shared_ptr<const ModelList>> EvidenceCache::Models(const Snapshot& snapshot,
                                                                     const std::vector<std::string>& models,
                                                                     const CallScope& scope) {
  const auto slots = SlotsOf(*snapshot.view, models);
  if (models.empty() && snapshot.view->all) {
    for (const auto* slot : slots) Touch(*slot->loaded);
    hits_ += static_cast<std::int64_t>(slots.size());
    return snapshot.view->all;
  }
  return Gather(snapshot, slots, scope);
}

base::Result<std::shared_ptr<const ModelList>> EvidenceCache::Gather(const Snapshot& snapshot,
                                                                     const std::vector<const ModelSlot*>& slots,
                                                                     const CallScope& scope) {
  std::vector<ModelLoads::Flight> flights(slots.size());
  for (std::size_t i = 0; i < slots.size(); ++i) {
    ++(slots[i]->loaded ? hits_ : misses_);
    if (slots[i]->loaded) continue;
    if (snapshot.store_away) return base::Fail(CannotLoad(slots[i]->name, {.message = "The store is away."}));
    flights[i] = loads_.Start(
        {.model = slots[i]->name, .revision = snapshot.view->revision, .generation = snapshot.view->generation});
  }
  auto list = std::make_shared<ModelList>();
  for (std::size_t i = 0; i < slots.size(); ++i) {
    auto loaded = slots[i]->loaded ? ModelLoads::Outcome(slots[i]->loaded) : Await(flights[i], scope);
    if (!loaded) return base::Fail(LoadError(slots[i]->name, std::move(loaded).error(), scope));
    Touch(**loaded);
    list->push_back(EvidenceOf(*loaded));
  }
  return list;
}

void EvidenceCache::Touch(const LoadedModel& model) { model.last_used = ++uses_; }

ViewPtr EvidenceCache::CurrentView() const {
  const std::lock_guard lock(view_mutex_);
  return view_;
}

void EvidenceCache::Publish(const std::function<View(const View&)>& next) {
  std::vector<std::string> evicted;
  {
    const std::lock_guard order(publish_mutex_);
    const auto last = CurrentView();
    auto view = std::make_shared<const View>(Bounded(next(last ? *last : View{}), options_.max_bytes, &evicted));
    const std::lock_guard lock(view_mutex_);
    view_ = std::move(view);
  }
  evictions_ += static_cast<std::int64_t>(evicted.size());
  for (const auto& model : evicted) rpc::Log(rpc::LogLevel::kWarning, "evidence_evicted", {{"model", model}});
}

}  // namespace loadline::planner
