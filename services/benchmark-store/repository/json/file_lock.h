#pragma once

#include <filesystem>
#include <memory>

#include "libs/base/result.h"

namespace loadline::store::json {

/// Keeps a second store away from the data of a first one, from construction
/// to destruction. The operating system releases it when the process ends,
/// however that happens.
class FileLock {
 public:
  /// Locks `path` by a file beside it. Fails with `kFailedPrecondition`
  /// (`DATA_IN_USE`) if another store holds it. Null if the folder cannot be
  /// written: then no store can change the data.
  static base::Result<std::unique_ptr<FileLock>> Acquire(const std::filesystem::path& path);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  explicit FileLock(int file) : file_(file) {}
  const int file_;
};

}  // namespace loadline::store::json
