#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

namespace loadline::store::json {

/// A file's content as memory that the operating system can take back.
class MappedFile {
 public:
  /// Null if the file cannot be read; `errno` says why.
  static std::unique_ptr<MappedFile> Open(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  std::string_view text() const { return text_; }

 private:
  explicit MappedFile(std::string_view text) : text_(text) {}
  const std::string_view text_;
};

}  // namespace loadline::store::json
