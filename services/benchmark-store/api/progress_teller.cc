#include "services/benchmark-store/api/progress_teller.h"

#include <algorithm>
#include <utility>

namespace loadline::store {

using std::chrono::milliseconds;

ProgressTeller::ProgressTeller(OnImportProgress tell)
    : tell_(std::move(tell)), thread_([this](const std::stop_token& stop) { Run(stop); }) {}

ProgressTeller::~ProgressTeller() {
  thread_.request_stop();
  thread_.join();
}

void ProgressTeller::Update(const ImportProgress& progress) {
  {
    const std::lock_guard lock(mutex_);
    untold_ = progress;
  }
  changed_.notify_one();
}

milliseconds ProgressTeller::PauseAfter(milliseconds elapsed) { return std::max(milliseconds(20), elapsed / 50); }

void ProgressTeller::Run(const std::stop_token& stop) {
  while (const auto progress = Await(stop)) {
    tell_(*progress);
    Pause(stop);
  }
}

/// What to tell next; nothing at the end.
std::optional<ImportProgress> ProgressTeller::Await(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, stop, [&] { return untold_.has_value(); });
  return std::exchange(untold_, std::nullopt);
}

void ProgressTeller::Pause(const std::stop_token& stop) {
  const auto elapsed = std::chrono::steady_clock::now() - started_;
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, stop, PauseAfter(std::chrono::duration_cast<milliseconds>(elapsed)), [] { return false; });
}

}  // namespace loadline::store
