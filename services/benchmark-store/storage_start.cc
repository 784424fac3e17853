#include "services/benchmark-store/storage_start.h"

#include <utility>

#include "libs/rpc/log.h"

namespace loadline::store {
namespace {

using std::chrono::milliseconds;

constexpr char kTooOld[] = "SCHEMA_TOO_OLD";
constexpr char kTooOldMessage[] =
    "The database's schema is older than this store. Once `benchmark-store migrate` has run, it serves.";
constexpr milliseconds kTooOldRetry(5'000);
constexpr char kAway[] = "DATABASE_UNAVAILABLE";
constexpr char kAwayMessage[] = "The store has just started, and not reached its database yet. Retry shortly.";
constexpr milliseconds kAwayRetry(1'000);

// How often the wait for the first attempt looks whether it is to end.
constexpr milliseconds kPoll(20);
// What somebody must mend is tried less often: a migration that fails takes locks.
constexpr int kWrongPauses = 30;

bool IsTooOld(const base::Error& error) { return error.reason == kTooOld; }

// Whether it may go well another time though nobody mends anything.
bool MayPass(const base::Error& error) {
  switch (error.code) {
    case base::ErrorCode::kUnavailable:
    case base::ErrorCode::kResourceExhausted:
    case base::ErrorCode::kDeadlineExceeded:
    case base::ErrorCode::kAborted:
    case base::ErrorCode::kCancelled: return true;
    default: return IsTooOld(error);
  }
}

}  // namespace

base::Status StartGuard::Handle(rpc::Call& call, const Next& next) const {
  if (started_) return next(call);
  return base::Fail(too_old_ ? base::Unavailable(kTooOld, kTooOldMessage, kTooOldRetry)
                             : base::Unavailable(kAway, kAwayMessage, kAwayRetry));
}

StorageStart::StorageStart(Storage& storage, std::shared_ptr<StartGuard> guard, std::function<void()> on_started,
                           milliseconds interval)
    : storage_(storage),
      guard_(std::move(guard)),
      on_started_(std::move(on_started)),
      interval_(interval),
      pause_(interval),
      thread_([this] { Run(); }) {}

StorageStart::~StorageStart() {
  Stop();
  thread_.join();
}

void StorageStart::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
}

base::Status StorageStart::AwaitFirst(const std::function<bool()>& cancelled) {
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, kPoll, [this] { return first_.has_value(); })) {
    if (cancelled()) return {};
  }
  if (*first_ || MayPass(first_->error())) return {};
  return *first_;
}

void StorageStart::Run() {
  while (!Try()) {
    if (StoppedWithin(pause_)) return;
  }
}

bool StorageStart::Try() {
  const auto outcome = storage_.Start([this] { return stopping_.load(); });
  if (outcome) {
    guard_->Open();
    on_started_();
    if (!logged_.empty()) rpc::Log(rpc::LogLevel::kInfo, "storage_started");
  } else if (!stopping_) {
    guard_->SetTooOld(IsTooOld(outcome.error()));
    pause_ = MayPass(outcome.error()) ? interval_ : interval_ * kWrongPauses;
    Log(outcome.error());
  }
  Note(outcome);
  return outcome.has_value();
}

// Once for each cause in a row.
void StorageStart::Log(const base::Error& error) {
  if (std::exchange(logged_, error.reason) == error.reason) return;
  if (IsTooOld(error)) return rpc::Log(rpc::LogLevel::kError, "schema_too_old", {{"message", error.message}});
  rpc::Log(MayPass(error) ? rpc::LogLevel::kWarning : rpc::LogLevel::kError, "storage_not_started",
           {{"reason", error.reason}, {"message", error.message}, {"detail", error.detail}});
}

void StorageStart::Note(const base::Status& outcome) {
  {
    const std::lock_guard lock(mutex_);
    if (!first_) first_ = outcome;
  }
  changed_.notify_all();
}

bool StorageStart::StoppedWithin(milliseconds pause) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, pause, [this] { return stopping_.load(); });
}

}  // namespace loadline::store
