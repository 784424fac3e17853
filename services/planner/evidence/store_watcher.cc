#include "services/planner/evidence/store_watcher.h"

#include <algorithm>
#include <set>
#include <utility>

namespace loadline::planner {

StoreWatcher::StoreWatcher(EvidenceStore& store, Options options, Listener listener)
    : store_(store),
      options_(options),
      listener_(std::move(listener)),
      random_(options.seed),
      backoff_(options.first_backoff) {}

StoreWatcher::~StoreWatcher() { Stop(); }

void StoreWatcher::Start() {
  thread_ = std::thread([this] { Run(); });
}

void StoreWatcher::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stopped_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void StoreWatcher::Run() {
  while (!Stopping()) {
    const auto known = announced_.value_or(StoreChange{});
    const auto ended =
        store_.Watch(known.revision, known.snapshot_id, [this](const StoreChange& message) { return Heard(message); });
    if (Stopping()) return;
    if (!ended) listener_.lost(ended.error());
    Pause();
  }
}

bool StoreWatcher::Heard(const StoreChange& message) {
  backoff_ = options_.first_backoff;
  const bool repeat =
      announced_ && announced_->revision == message.revision && announced_->snapshot_id == message.snapshot_id;
  if (!repeat) announced_ = message;
  listener_.heard(repeat ? nullptr : &message);
  return !Stopping();
}

void StoreWatcher::Pause() {
  std::uniform_real_distribution<double> part(0.5, 1.0);
  const auto wait = backoff_ * part(random_);
  backoff_ = std::min(backoff_ * 2, options_.longest_backoff);
  std::unique_lock lock(mutex_);
  stopped_.wait_for(lock, wait, [this] { return stopping_; });
}

bool StoreWatcher::Stopping() {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

StoreChange Merged(StoreChange first, const StoreChange& then) {
  if (then.reset) return then;
  std::set<std::string> models(first.models.begin(), first.models.end());
  models.insert(then.models.begin(), then.models.end());
  return {.revision = then.revision,
          .snapshot_id = then.snapshot_id,
          .models = {models.begin(), models.end()},
          .catalog = first.catalog || then.catalog,
          .reset = first.reset};
}

}  // namespace loadline::planner
