#include "services/benchmark-store/repository/postgres/watch.h"

#include <sys/socket.h>

#include <algorithm>

#include "services/benchmark-store/repository/postgres/call_time.h"

namespace loadline::store::postgres {

Watch::Call::Call(Watch& watch, int socket, const CallScope& scope) : watch_(watch), socket_(socket), scope_(scope) {
  const auto look = NextLook(scope);
  const std::lock_guard lock(watch_.mutex_);
  watch_.calls_.push_back(this);
  if (look >= watch_.next_look_) return;
  watch_.next_look_ = look;
  watch_.wake_.notify_one();
}

Watch::Call::~Call() {
  const std::lock_guard lock(watch_.mutex_);
  std::erase(watch_.calls_, this);
}

bool Watch::Call::was_cut_off() const {
  const std::lock_guard lock(watch_.mutex_);
  return cut_off_;
}

Watch::Watch() : thread_([this] { Run(); }) {}

Watch::~Watch() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  wake_.notify_one();
}

Watch::Clock::time_point Watch::NextLook(const CallScope& scope) {
  return Clock::now() + std::min(kCancellationPoll, TimeLeft(scope));
}

void Watch::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    next_look_ = CutOff();
    Await(lock);
  }
}

Watch::Clock::time_point Watch::CutOff() {
  auto next = Clock::time_point::max();
  for (auto* call : calls_) {
    if (call->cut_off_) continue;
    if (IsOver(call->scope_)) {
      call->cut_off_ = true;
      ::shutdown(call->socket_, SHUT_RDWR);
    } else {
      next = std::min(next, NextLook(call->scope_));
    }
  }
  return next;
}

void Watch::Await(std::unique_lock<std::mutex>& lock) {
  const auto until = next_look_;
  // A call that begins moves the next look, and wakes us to look again.
  const auto changed = [&] { return stopping_ || next_look_ != until; };
  if (until == Clock::time_point::max()) {
    wake_.wait(lock, changed);
  } else {
    wake_.wait_until(lock, until, changed);
  }
}

}  // namespace loadline::store::postgres
