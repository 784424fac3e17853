#include "libs/service/watchdog.h"

#include <utility>

namespace loadline::service {

Watchdog::Watchdog(Options options, std::function<bool()> check, std::function<void(bool alive)> on_change)
    : options_(options), check_(std::move(check)), on_change_(std::move(on_change)), thread_([this] { Run(); }) {}

Watchdog::~Watchdog() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  thread_.join();
}

void Watchdog::Run() {
  int missed = 0;
  while (!Stopped()) {
    const bool was_alive = missed < options_.misses;
    missed = check_() ? 0 : missed + 1;
    const bool alive = missed < options_.misses;
    if (alive != was_alive) on_change_(alive);
  }
}

bool Watchdog::Stopped() {
  std::unique_lock lock(mutex_);
  return stop_.wait_for(lock, options_.interval, [this] { return stopping_; });
}

}  // namespace loadline::service
