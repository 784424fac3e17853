#pragma once

#include <string>
#include <string_view>

namespace loadline::rpc {

/// A file that exists in this process's memory only. Who opens `path` finds the
/// whole content before or after a `Replace`, never a mixture. Thread-safe, but
/// for one `Replace` at a time.
class MemoryFile {
 public:
  /// Throws `std::system_error` where the machine has no room for it; so does
  /// `Replace`.
  explicit MemoryFile(std::string_view content);
  ~MemoryFile();
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  /// The file's time of modification advances by a second at least: readers
  /// that look at whole seconds notice every change.
  void Replace(std::string_view content);

  /// Where this process, and no other, finds it.
  std::string path() const;

 private:
  int descriptor_ = -1;
  long long modified_s_ = 0;
};

}  // namespace loadline::rpc
