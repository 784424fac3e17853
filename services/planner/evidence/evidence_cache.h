#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "libs/base/clock.h"
#include "services/planner/evidence/heap_trim.h"
#include "services/planner/evidence/model_loads.h"
#include "services/planner/evidence/store_contact.h"
#include "services/planner/evidence/store_watcher.h"
#include "services/planner/evidence/view.h"

namespace loadline::planner {

struct EvidenceOptions {
  /// Memory for models that were loaded. Plans in flight may hold more.
  std::size_t max_bytes = std::size_t{2} << 30;
  /// For how long answers go on while the store is away.
  std::chrono::milliseconds max_age = std::chrono::hours(24);
  ModelLoads::Options loads = {};
  StoreWatcher::Options watch = {};
};

/// Whether an answer is up to date; see planner_service.proto.
struct Freshness {
  domain::Revision revision = 0;
  bool stale = false;
  std::chrono::milliseconds evidence_age{0};

  friend bool operator==(const Freshness&, const Freshness&) = default;
};

/// What an answer is computed from, all as of one revision.
struct Snapshot {
  ViewPtr view;
  Freshness freshness;
  /// The store is away or cannot be read, so nothing more can be loaded.
  bool store_away = false;
};

/// For metrics. Counts are models.
struct EvidenceStats {
  /// Asked for and in memory.
  std::int64_t hits = 0;
  /// Asked for and not.
  std::int64_t misses = 0;
  /// Dropped for want of memory.
  std::int64_t evictions = 0;
  std::size_t models = 0;
  std::size_t bytes = 0;
  std::size_t max_bytes = 0;
  /// 0 before the store was first reached.
  domain::Revision revision = 0;
  StoreContact::Age contact = {};
};

/// The planner's memory of the store: a model is read when it is first asked
/// for and again when the store announces a change of it. Thread-safe.
class EvidenceCache {
 public:
  EvidenceCache(EvidenceStore& store, const base::Clock& clock, EvidenceOptions options);
  ~EvidenceCache();

  /// Begins to watch the store. `on_ready` is told, from another thread, when
  /// `Current` begins or ceases to succeed. Call once.
  void Start(std::function<void(bool ready)> on_ready);
  /// Shuts the store's port down and ends all threads. Idempotent.
  void Stop();

  /// Fails with `kUnavailable` (`STORE_UNREACHABLE`) before the store was first
  /// reached, and when it has been away for longer than `max_age`.
  base::Result<Snapshot> Current() const;

  EvidenceStats stats() const;

  /// Evidence of `models` (canonical, sorted, without repeats) or, if that is
  /// empty, of all, as of `snapshot`. Models without benchmarks are left out.
  /// Reads what is not loaded; while the store is away that fails with
  /// `kUnavailable` (`STORE_UNREACHABLE`), naming the model.
  base::Result<std::shared_ptr<const ModelList>> Models(const Snapshot& snapshot,
                                                        const std::vector<std::string>& models, const CallScope& scope);

 private:
  void Heard(const StoreChange* news);
  void Lost(const base::Error& error);
  void RefreshWhenWoken();
  bool TakeChange(std::optional<StoreChange>* change);
  void Settle(std::optional<StoreChange> unread);
  void NoteIfCaughtUp();
  bool TryRefresh(const StoreChange& change);
  base::Result<bool> Refresh(const StoreChange& change);
  base::Status ReadCatalog(const View& view, const StoreChange& change);
  base::Result<std::map<std::string, LoadedModelPtr>> Reload(const View& view, const StoreChange& change);
  void ReportReadiness();

  ViewPtr CurrentView() const;
  void Publish(const std::function<View(const View&)>& next);
  base::Result<std::shared_ptr<const ModelList>> Gather(const Snapshot& snapshot,
                                                        const std::vector<const ModelSlot*>& slots,
                                                        const CallScope& scope);
  void Touch(const LoadedModel& model);

  EvidenceStore& store_;
  const base::Clock& clock_;
  const EvidenceOptions options_;
  StoreContact contact_;
  std::atomic<std::uint64_t> uses_ = 0;
  std::atomic<std::int64_t> hits_ = 0;
  std::atomic<std::int64_t> misses_ = 0;
  std::atomic<std::int64_t> evictions_ = 0;

  mutable std::mutex view_mutex_;
  // Null before the store was first reached.
  ViewPtr view_;
  // Orders those who derive a view from the last one.
  std::mutex publish_mutex_;

  // Only the refreshing thread uses it. May be newer than the view.
  std::shared_ptr<const Catalog> catalog_;

  std::mutex pending_mutex_;
  std::condition_variable woken_;
  std::optional<StoreChange> pending_;
  bool refreshing_ = false;
  bool wake_ = false;
  bool stopping_ = false;

  std::mutex ready_mutex_;
  std::function<void(bool)> on_ready_;
  bool ready_ = false;

  HeapTrim trim_;
  ModelLoads loads_;
  StoreWatcher watcher_;
  std::thread refresher_;
};

}  // namespace loadline::planner
