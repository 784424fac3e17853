#pragma once

#include <sys/stat.h>

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "libs/base/result.h"

namespace loadline::cli {

/// A file in the address space. What has been read of it is given back now and
/// then, and would be read again from the file: otherwise all of a large file
/// counts as memory of this process, though the system can take it back.
///
/// A file that others shorten meanwhile does not end the process: what is gone
/// reads as zeros, and `changed()` says so.
class FileMapping {
 public:
  /// Fails with `CANNOT_READ`, the message being what the system says.
  static base::Result<std::shared_ptr<const FileMapping>> Open(const std::string& path);
  ~FileMapping();
  FileMapping(const FileMapping&) = delete;
  FileMapping& operator=(const FileMapping&) = delete;

  std::string_view text() const { return {static_cast<const char*>(pages_), size_}; }
  /// True if the file was written to since it was opened.
  bool changed() const;

 private:
  /// Takes over `descriptor` and `pages`.
  FileMapping(int descriptor, const struct stat& opened, void* pages);
  void GiveBackNowAndThen();

  int descriptor_;
  struct stat opened_;
  void* pages_;
  std::size_t size_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool done_ = false;
  std::thread releaser_;  // Last: it uses all the others.
};

}  // namespace loadline::cli
