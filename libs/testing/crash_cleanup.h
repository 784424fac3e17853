#pragma once

#include <string>

namespace loadline::testing {

/// Runs a shell command if this process ends without destroying the object:
/// for what outlives a crash, such as a server that another user runs.
class CrashCleanup {
 public:
  explicit CrashCleanup(const std::string& command);
  ~CrashCleanup();
  CrashCleanup(const CrashCleanup&) = delete;
  CrashCleanup& operator=(const CrashCleanup&) = delete;

 private:
  int id_ = -1;
  // The shell reads from the other end; it closes when we are gone.
  int alive_ = -1;
};

}  // namespace loadline::testing
