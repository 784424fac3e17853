#pragma once

#include <string>

#include "libs/testing/postgres_server.h"
#include "libs/testing/process.h"

namespace loadline::testing {

/// A lock of a table that somebody else holds, until destroyed: what makes a
/// statement take as long as a test needs.
class HeldLock {
 public:
  /// `mode` as LOCK TABLE takes it: `ACCESS EXCLUSIVE` stops readers as well,
  /// `SHARE` writers only.
  HeldLock(const PostgresServer& server, const std::string& database, const std::string& table,
           const std::string& mode);
  ~HeldLock();
  HeldLock(const HeldLock&) = delete;
  HeldLock& operator=(const HeldLock&) = delete;

  // Whether it is so, as soon as it is; false after 10 s. The upkeep of stores
  // is left out: it may wait as well, at any time.

  /// At least so many statements wait for a lock.
  bool AwaitWaiting(int count) const;
  /// None does any more.
  bool AwaitNoneWaiting() const;

 private:
  bool AwaitCount(const std::string& condition) const;

  const PostgresServer& server_;
  const std::string database_;
  Process holder_;
};

}  // namespace loadline::testing
