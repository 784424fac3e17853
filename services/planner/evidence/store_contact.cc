#include "services/planner/evidence/store_contact.h"

#include <utility>

namespace loadline::planner {

bool StoreContact::Heard() {
  const std::lock_guard lock(mutex_);
  if (reading_works_) well_at_ = clock_.Now();
  return !std::exchange(watching_, true);
}

bool StoreContact::Lost() {
  const std::lock_guard lock(mutex_);
  const bool first = !std::exchange(ever_lost_, true);
  return std::exchange(watching_, false) || first;
}

void StoreContact::ReadWorked(bool worked) {
  const std::lock_guard lock(mutex_);
  reading_works_ = worked;
  if (worked && watching_) well_at_ = clock_.Now();
}

StoreContact::Age StoreContact::Now() const {
  const std::lock_guard lock(mutex_);
  if (watching_ && reading_works_) return {.stale = false};
  return {.age = std::chrono::duration_cast<std::chrono::milliseconds>(clock_.Now() - well_at_)};
}

}  // namespace loadline::planner
