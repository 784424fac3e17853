#include "services/benchmark-store/repository/postgres/change_feed.h"

#include <algorithm>
#include <random>

#include "services/benchmark-store/repository/postgres/call_time.h"
#include "services/benchmark-store/repository/postgres/sql_error.h"

namespace loadline::store::postgres {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// How long a stop may wait for the thread.
constexpr milliseconds kListenSlice(100);
constexpr milliseconds kPollInterval(500);
constexpr milliseconds kPatience(2000);
constexpr milliseconds kFirstRetry(50);
constexpr milliseconds kLongestRetry(1000);

/// Up to `most`, so that stores that lost the database together do not come
/// back together.
milliseconds Jittered(milliseconds most) {
  thread_local std::minstd_rand random{std::random_device{}()};
  return milliseconds(std::uniform_int_distribution<milliseconds::rep>(most.count() / 2, most.count())(random));
}

}  // namespace

ChangeFeed::ChangeFeed(std::string url, const StoreState& initial, Listeners listeners)
    : url_(std::move(url)), listeners_(std::move(listeners)), revision_(initial.revision), live_(true), thread_([this] {
        Run();
      }) {}

ChangeFeed::~ChangeFeed() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
}

domain::Revision ChangeFeed::revision() const {
  const std::lock_guard lock(mutex_);
  return revision_;
}

milliseconds ChangeFeed::lag() const {
  return std::chrono::duration_cast<milliseconds>(steady_clock::now() - heard_.load());
}

void ChangeFeed::Learn(domain::Revision revision) {
  const std::lock_guard lock(mutex_);
  revision_ = std::max(revision_, revision);
  changed_.notify_all();
}

void ChangeFeed::Set(domain::Revision revision) {
  const std::lock_guard lock(mutex_);
  revision_ = revision;
  changed_.notify_all();
}

domain::Revision ChangeFeed::Await(domain::Revision after, milliseconds wait, const CallScope& scope) const {
  const auto until = steady_clock::now() + wait;
  std::unique_lock lock(mutex_);
  while (revision_ <= after && !IsOver(scope)) {
    const auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now());
    if (left <= left.zero()) break;
    changed_.wait_for(lock, std::min(left, kCancellationPoll));
  }
  return revision_;
}

bool ChangeFeed::Rest(milliseconds time) {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, time, [this] { return stopping_.load(); });
}

void ChangeFeed::Run() {
  auto retry = kFirstRetry;
  do {
    const auto lost = Follow();
    if (stopping_) return;
    retry = live_.exchange(false) ? kFirstRetry : std::min(retry * 2, kLongestRetry);
    listeners_.on_loss(lost.error());
  } while (Rest(Jittered(retry)));
}

base::Status ChangeFeed::Follow() {
  LOADLINE_ASSIGN_OR_RETURN(const auto connection, Connection::Open(url_, Within(kPatience)));
  LOADLINE_RETURN_IF_ERROR(connection->Listen(kChangesChannel, Within(kPatience)));
  // A database that was set back to an earlier state has a lower revision.
  LOADLINE_ASSIGN_OR_RETURN(const auto first, ReadState(*connection, Within(kPatience)));
  listeners_.on_state(first);
  Set(first.revision);
  heard_ = steady_clock::now();
  live_ = true;
  while (!stopping_) {
    LOADLINE_ASSIGN_OR_RETURN(const bool notified, connection->AwaitNotification(kListenSlice));
    if (!notified && steady_clock::now() - heard_.load() < kPollInterval) continue;
    LOADLINE_ASSIGN_OR_RETURN(const auto state, ReadState(*connection, Within(kPatience)));
    heard_ = steady_clock::now();
    listeners_.on_state(state);
    Learn(state.revision);
  }
  return {};
}

}  // namespace loadline::store::postgres
