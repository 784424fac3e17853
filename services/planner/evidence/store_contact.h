#pragma once

#include <chrono>
#include <mutex>

#include "libs/base/clock.h"

namespace loadline::planner {

/// Whether the store is there, since when it is not, and whether what was missed
/// meanwhile is known by now: what makes an answer stale. Thread-safe.
class StoreContact {
 public:
  /// How old what we know may be.
  struct Age {
    /// Newer data may exist: the store is away or cannot be read, or what it
    /// told when it came back was not read yet.
    bool stale = true;
    /// The store is away or cannot be read.
    bool away = true;
    /// Since it was last heard of while all was well; 0 unless `stale`.
    std::chrono::milliseconds age{0};
  };

  explicit StoreContact(const base::Clock& clock) : clock_(clock), well_at_(clock.Now()) {}

  /// The watch delivered a message. True if it had not before, or was lost.
  bool Heard();
  /// The watch broke: changes may be missed from now on. True if it was not
  /// lost before.
  bool Lost();
  /// All that the watch delivered was read and published. Ignored while the
  /// watch is lost: what it will deliver first is not known.
  void CaughtUp();
  /// Whether reading what a watch announced works.
  void ReadWorked(bool worked);

  Age Now() const;

 private:
  const base::Clock& clock_;
  mutable std::mutex mutex_;
  bool Well() const { return watching_ && reading_works_ && caught_up_; }

  bool watching_ = false;
  bool caught_up_ = false;
  bool reading_works_ = true;
  bool ever_lost_ = false;
  base::Instant well_at_;
};

}  // namespace loadline::planner
