#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <random>
#include <thread>

#include "services/planner/evidence/evidence_store.h"

namespace loadline::planner {

/// Keeps a watch on the store for as long as it lives, connecting again after
/// every break.
class StoreWatcher {
 public:
  struct Options {
    /// The waits after breaks: a random part, at least half, of these.
    std::chrono::milliseconds first_backoff{50};
    std::chrono::milliseconds longest_backoff{500};
    std::uint32_t seed = 0;
  };
  /// Called from the watcher's own thread.
  struct Listener {
    /// A message came. `news` is null if it says nothing new.
    std::function<void(const StoreChange* news)> heard;
    std::function<void(const base::Error&)> lost;
  };

  StoreWatcher(EvidenceStore& store, Options options, Listener listener);
  ~StoreWatcher();

  void Start();
  /// `store` must have been shut down before. Idempotent.
  void Stop();

 private:
  void Run();
  bool Heard(const StoreChange& message);
  void Pause();
  bool Stopping();

  EvidenceStore& store_;
  const Options options_;
  const Listener listener_;
  std::mt19937 random_;
  std::chrono::milliseconds backoff_;
  // The last message that was news.
  std::optional<StoreChange> announced_;

  std::mutex mutex_;
  std::condition_variable stopped_;
  bool stopping_ = false;
  std::thread thread_;
};

/// One change that says what `first` and, after it, `then` say.
StoreChange Merged(StoreChange first, const StoreChange& then);

}  // namespace loadline::planner
