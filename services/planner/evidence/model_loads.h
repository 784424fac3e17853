#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "libs/base/clock.h"
#include "libs/rpc/span.h"
#include "services/planner/evidence/call_scope.h"
#include "services/planner/evidence/heap_trim.h"
#include "services/planner/evidence/view.h"

namespace loadline::planner {

/// Reads models from the store, a few at a time, each only once however many
/// ask for it. A load goes on when those who asked have gone. Thread-safe.
class ModelLoads {
 public:
  struct Options {
    int parallel = 4;
    /// How long one model may take.
    std::chrono::milliseconds timeout = std::chrono::seconds(10);
  };
  using Outcome = base::Result<LoadedModelPtr>;
  using Flight = std::shared_future<Outcome>;
  /// Finds what a key names where it was loaded already.
  using Lookup = std::function<LoadedModelPtr(const ModelKey&)>;
  /// Receives every loaded model, before those who asked for it.
  using OnLoaded = std::function<void(const ModelKey&, const LoadedModelPtr&)>;

  ModelLoads(EvidenceStore& store, const base::Clock& clock, HeapTrim& trim, Options options, Lookup lookup,
             OnLoaded on_loaded);
  ~ModelLoads();

  /// The load of `key` that is under way, or else a new one.
  Flight Start(const ModelKey& key);

  /// Fails what has not begun, waits for what has, and refuses more.
  void Stop();

 private:
  struct Load {
    ModelKey key;
    std::promise<Outcome> promise;
    /// Of the call that asked first.
    std::optional<rpc::Trace> trace;
  };

  void Work();
  std::shared_ptr<Load> Next();
  void Run(Load& load);
  Outcome ReadAndTell(const ModelKey& key);
  Outcome Read(const ModelKey& key);

  EvidenceStore& store_;
  const base::Clock& clock_;
  HeapTrim& trim_;
  const Options options_;
  const Lookup lookup_;
  const OnLoaded on_loaded_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<ModelKey, Flight> flights_;
  std::deque<std::shared_ptr<Load>> queue_;
  bool stopping_ = false;
  std::vector<std::thread> workers_;
};

/// Waits for `flight`. Fails with `kDeadlineExceeded` or `kCancelled` when
/// `scope` ends first.
ModelLoads::Outcome Await(const ModelLoads::Flight& flight, const CallScope& scope);

}  // namespace loadline::planner
