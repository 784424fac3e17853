#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "libs/rpc/pipeline.h"
#include "services/benchmark-store/storage.h"

namespace loadline::store {

/// Refuses calls while the storage has not started, with `kUnavailable`:
/// `SCHEMA_TOO_OLD` where it waits for migrations, else `DATABASE_UNAVAILABLE`.
class StartGuard final : public rpc::Stage {
 public:
  std::string_view name() const override { return "storage"; }
  base::Status Handle(rpc::Call& call, const Next& next) const override;

  void Open() { started_ = true; }
  void SetTooOld(bool too_old) { too_old_ = too_old; }
  bool started() const { return started_; }

 private:
  std::atomic<bool> started_ = false;
  std::atomic<bool> too_old_ = false;
};

/// Starts a storage in a thread, and tries again for as long as it lives: a
/// database may come up, and a schema that lacks migrations may get them, while
/// this store runs.
class StorageStart {
 public:
  /// `on_started` is called once, by the thread, when `guard` is open.
  StorageStart(Storage& storage, std::shared_ptr<StartGuard> guard, std::function<void()> on_started,
               std::chrono::milliseconds interval = std::chrono::seconds(1));
  ~StorageStart();
  StorageStart(const StorageStart&) = delete;
  StorageStart& operator=(const StorageStart&) = delete;

  /// Waits for the end of the first attempt, at most until `cancelled`. Fails as
  /// the storage did where waiting is of no use: what it needs is there, and wrong.
  base::Status AwaitFirst(const std::function<bool()>& cancelled);
  /// Ends an attempt that is under way, and makes no more. Idempotent, thread-safe.
  void Stop();

 private:
  void Run();
  bool Try();
  void Log(const base::Error& error);
  void Note(const base::Status& outcome);
  bool StoppedWithin(std::chrono::milliseconds pause);

  Storage& storage_;
  const std::shared_ptr<StartGuard> guard_;
  const std::function<void()> on_started_;
  const std::chrono::milliseconds interval_;
  // What was logged last. Only the thread uses them.
  std::string logged_;
  std::chrono::milliseconds pause_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<base::Status> first_;  // guarded by mutex_
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace loadline::store
