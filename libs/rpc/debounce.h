#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>

#include "libs/base/clock.h"

namespace loadline::rpc {

/// Keeps a log readable while something goes wrong again and again: of lines
/// that say the same, five pass in ten seconds. Remembers the last few
/// lines only; what it has forgotten passes. Thread-safe.
class Debounce {
 public:
  static constexpr std::int64_t kBurst = 5;
  static constexpr std::chrono::seconds kWindow{10};

  /// Nullopt: do not write it. Else how many like it were not written before.
  /// `key` tells lines apart.
  std::optional<std::int64_t> Admit(std::size_t key, base::Instant now);

 private:
  struct Seen {
    std::size_t key = 0;
    base::Instant since = {};
    std::int64_t count = 0;
  };

  std::mutex mutex_;
  // By the key's remainder: of two lines in one place, the last one stays.
  std::array<Seen, 64> seen_ = {};  // guarded by mutex_
};

}  // namespace loadline::rpc
