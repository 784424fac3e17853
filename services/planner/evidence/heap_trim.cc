#include "services/planner/evidence/heap_trim.h"

#include <malloc.h>

#include <utility>

namespace loadline::planner {

HeapTrim::HeapTrim(const base::Clock& clock, std::function<void()> trim) : clock_(clock), trim_(std::move(trim)) {}

void HeapTrim::Freed(std::size_t benchmarks) {
  const std::lock_guard lock(mutex_);
  freed_ += benchmarks;
}

void HeapTrim::TrimIfDue() {
  if (TakeTurn()) trim_();
}

void HeapTrim::TrimProcess() { malloc_trim(0); }

bool HeapTrim::TakeTurn() {
  const std::lock_guard lock(mutex_);
  const auto now = clock_.Now();
  const bool waited = !trimmed_at_ || now - *trimmed_at_ >= kInterval;
  if (freed_ == 0 || (freed_ < kMuch && !waited)) return false;
  freed_ = 0;
  trimmed_at_ = now;
  return true;
}

}  // namespace loadline::planner
