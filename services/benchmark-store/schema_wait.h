#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "libs/rpc/pipeline.h"
#include "services/benchmark-store/storage.h"

namespace loadline::store {

/// Starts a storage. A database whose schema lacks migrations may get them while
/// this store runs: until then calls are refused with that error.
class SchemaWait {
 public:
  explicit SchemaWait(Storage& storage, std::chrono::milliseconds interval = std::chrono::seconds(1));

  /// Tries to start it. Fails as the storage does, but a schema that is too old
  /// is no failure.
  base::Status Begin();
  /// Refuses calls while the storage has not started.
  std::shared_ptr<const rpc::Stage> guard() const;
  /// Thread-safe.
  bool started() const;

  /// Goes on trying in a thread, for as long as it lives.
  class Trying {
   public:
    /// `on_started` is called once: at once, or by the thread. Begin must have
    /// succeeded.
    Trying(SchemaWait& wait, std::function<void()> on_started);
    ~Trying();
    Trying(const Trying&) = delete;
    Trying& operator=(const Trying&) = delete;

   private:
    void Run(const std::function<void()>& on_started);
    bool Stopped();

    SchemaWait& wait_;
    std::mutex mutex_;
    std::condition_variable stop_;
    bool stopping_ = false;  // guarded by mutex_
    std::thread thread_;
  };

 private:
  class Guard;
  /// True once it has started.
  base::Result<bool> Try();

  Storage& storage_;
  const std::chrono::milliseconds interval_;
  const std::shared_ptr<Guard> guard_;
  // Of that it is too old.
  bool said_ = false;
};

}  // namespace loadline::store
