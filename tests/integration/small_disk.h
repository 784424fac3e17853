#pragma once

#include <memory>
#include <string>

#include "libs/testing/crash_cleanup.h"
#include "libs/testing/temp_dir.h"

namespace loadline::testing {

/// A file system in memory that is soon full, owned by the user `postgres`.
/// Unmounted at the end.
class SmallDisk {
 public:
  /// nullptr where this process may not mount.
  static std::unique_ptr<SmallDisk> Mount(int mebibytes);
  ~SmallDisk();
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  std::string path() const { return folder_.path().string(); }
  void Grow(int mebibytes) const;

 private:
  SmallDisk();

  TempDir folder_;
  CrashCleanup cleanup_;
};

}  // namespace loadline::testing
