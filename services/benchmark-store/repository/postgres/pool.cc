#include "services/benchmark-store/repository/postgres/pool.h"

#include <algorithm>

#include "services/benchmark-store/repository/postgres/call_time.h"
#include "services/benchmark-store/repository/postgres/sql_error.h"

namespace loadline::store::postgres {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kMaintenanceInterval(1000);
constexpr milliseconds kMaintenancePatience(2000);

}  // namespace

Lease::~Lease() {
  if (entry_.connection != nullptr) pool_->TakeBack(std::move(entry_));
}

Pool::Pool(PoolOptions options) : options_(std::move(options)), keeper_([this] { Maintain(); }) {}

Pool::~Pool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
}

base::Result<Lease> Pool::Acquire(const CallScope& scope) {
  std::unique_lock lock(mutex_);
  LOADLINE_RETURN_IF_ERROR(AwaitFree(lock, scope));
  ++stats_.lent;
  if (!idle_.empty()) {
    // The one that was used last: its server process is warm, and those that
    // are not needed grow old.
    Lease lease(*this, std::move(idle_.back()));
    idle_.pop_back();
    if (lease->quiet()) return lease;
    // The server has ended it since, so a new one takes its place.
    ++stats_.discarded;
    --stats_.open;
    lock.unlock();
    lease.entry_.connection.reset();
    lock.lock();
  }
  ++stats_.open;
  lock.unlock();
  return Open(scope);
}

base::Status Pool::AwaitFree(std::unique_lock<std::mutex>& lock, const CallScope& scope) {
  const auto free = [this] { return !idle_.empty() || stats_.open < options_.max_connections; };
  if (free()) return {};
  const auto began = Clock::now();
  const auto give_up = began + options_.acquire_timeout;
  ++stats_.waiting;
  bool over = false;
  while (!freed_.wait_for(lock, std::min(kCancellationPoll, options_.acquire_timeout), free)) {
    over = IsOver(scope);
    if (over || Clock::now() >= give_up) break;
  }
  --stats_.waiting;
  stats_.waited += Clock::now() - began;
  if (free()) return {};
  if (over) return base::Fail(OutOfTime(scope));
  ++stats_.timeouts;
  return base::Fail(DatabaseBusy("no connection came free in time"));
}

base::Result<Lease> Pool::Open(const CallScope& scope) {
  auto connection = Connection::Open(options_.url, scope, watch_);
  if (!connection) {
    {
      const std::lock_guard lock(mutex_);
      ++stats_.failed_connects;
    }
    Forget(1);
    return base::Fail(std::move(connection).error());
  }
  const std::lock_guard lock(mutex_);
  ++stats_.connects;
  return Lease(*this, {.connection = std::move(*connection), .opened = Clock::now(), .used = Clock::now()});
}

void Pool::Forget(int count) {
  const std::lock_guard lock(mutex_);
  stats_.open -= count;
  freed_.notify_all();
}

void Pool::TakeBack(Entry entry) {
  std::deque<Entry> broken;
  {
    const std::lock_guard lock(mutex_);
    entry.used = Clock::now();
    if (entry.connection->reusable()) {
      idle_.push_back(std::move(entry));
      freed_.notify_one();
      return;
    }
    ++stats_.discarded;
    if (!entry.connection->abandoned()) broken.swap(idle_);
    broken.push_back(std::move(entry));
  }
  const auto count = static_cast<int>(broken.size());
  broken.clear();
  Forget(count);
}

PoolStats Pool::stats() const {
  const std::lock_guard lock(mutex_);
  auto stats = stats_;
  stats.idle = static_cast<int>(idle_.size());
  return stats;
}

// Who ends the pool need not wait for a database that does not answer.
CallScope Pool::MaintenanceScope() {
  auto scope = Within(kMaintenancePatience);
  scope.cancelled = [this] { return stopping_.load(); };
  return scope;
}

void Pool::Maintain() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    CloseExpired();
    CheckIdle();
    KeepMinimum();
    lock.lock();
    wake_.wait_for(lock, kMaintenanceInterval, [this] { return stopping_.load(); });
  }
}

std::vector<Pool::Entry> Pool::TakeIdle(const std::function<bool(const Entry&)>& wanted) {
  const std::lock_guard lock(mutex_);
  const auto first =
      std::stable_partition(idle_.begin(), idle_.end(), [&](const Entry& entry) { return !wanted(entry); });
  std::vector<Entry> taken(std::make_move_iterator(first), std::make_move_iterator(idle_.end()));
  idle_.erase(first, idle_.end());
  return taken;
}

void Pool::CloseExpired() {
  const auto oldest = Clock::now() - options_.max_lifetime;
  auto expired = TakeIdle([&](const Entry& entry) { return entry.opened < oldest; });
  const auto count = static_cast<int>(expired.size());
  expired.clear();
  if (count > 0) Forget(count);
}

void Pool::CheckIdle() {
  const auto unused_since = Clock::now() - options_.idle_check;
  for (auto& entry : TakeIdle([&](const Entry& each) { return each.used < unused_since; })) {
    // Whether it works decides what becomes of it when it is given back.
    static_cast<void>(entry.connection->Execute("SELECT 1", MaintenanceScope()));
    TakeBack(std::move(entry));
  }
}

void Pool::KeepMinimum() {
  while (true) {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_ || stats_.open >= std::min(options_.min_connections, options_.max_connections)) return;
      ++stats_.open;
    }
    // Given back at once. A database that is away is tried again next time.
    if (!Open(MaintenanceScope())) return;
  }
}

}  // namespace loadline::store::postgres
