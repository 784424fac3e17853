#pragma once

#include <chrono>
#include <mutex>

#include "libs/base/clock.h"

namespace loadline::planner {

/// Whether the store is there, and since when it is not: what makes an answer
/// stale. Thread-safe.
class StoreContact {
 public:
  /// How old what we know may be.
  struct Age {
    /// The store is away or cannot be read.
    bool stale = true;
    /// Since it was last heard of while all was well; 0 unless `stale`.
    std::chrono::milliseconds age{0};
  };

  explicit StoreContact(const base::Clock& clock) : clock_(clock), well_at_(clock.Now()) {}

  /// The watch delivered a message. True if it had not before, or was lost.
  bool Heard();
  /// The watch broke. True if it was not lost before.
  bool Lost();
  /// Whether reading what a watch announced works.
  void ReadWorked(bool worked);

  Age Now() const;

 private:
  const base::Clock& clock_;
  mutable std::mutex mutex_;
  bool watching_ = false;
  bool reading_works_ = true;
  bool ever_lost_ = false;
  base::Instant well_at_;
};

}  // namespace loadline::planner
