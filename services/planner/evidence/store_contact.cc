#include "services/planner/evidence/store_contact.h"

#include <utility>

namespace loadline::planner {

bool StoreContact::Heard() {
  const std::lock_guard lock(mutex_);
  const bool connected = !std::exchange(watching_, true);
  if (Well()) well_at_ = clock_.Now();
  return connected;
}

bool StoreContact::Lost() {
  const std::lock_guard lock(mutex_);
  caught_up_ = false;
  const bool first = !std::exchange(ever_lost_, true);
  return std::exchange(watching_, false) || first;
}

void StoreContact::CaughtUp() {
  const std::lock_guard lock(mutex_);
  caught_up_ = caught_up_ || watching_;
  if (Well()) well_at_ = clock_.Now();
}

void StoreContact::ReadWorked(bool worked) {
  const std::lock_guard lock(mutex_);
  reading_works_ = worked;
  if (Well()) well_at_ = clock_.Now();
}

StoreContact::Age StoreContact::Now() const {
  const std::lock_guard lock(mutex_);
  if (Well()) return {.stale = false, .away = false};
  return {.away = !watching_ || !reading_works_,
          .age = std::chrono::duration_cast<std::chrono::milliseconds>(clock_.Now() - well_at_)};
}

}  // namespace loadline::planner
