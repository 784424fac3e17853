#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace loadline::testing {

/// A new folder that is removed, with all that is in it, at the end.
class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

  /// Writes a file and returns its path.
  std::filesystem::path Write(std::string_view name, std::string_view content) const;

 private:
  std::filesystem::path path_;
};

/// The content of a file; throws if it cannot be read.
std::string ReadFile(const std::filesystem::path& path);

}  // namespace loadline::testing
