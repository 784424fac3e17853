#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "libs/base/result.h"

namespace loadline::store::json {

/// The file that `path` leads to, or `path` itself: replacing a link would
/// leave the file behind it as it was.
std::filesystem::path WithoutLinks(const std::filesystem::path& path);

/// Replaces a file whole: whatever happens, the path names the old content or
/// the new. Not thread-safe, and one at a time for a path.
///
///     DurableFile file(path);
///     file.Write(text);
///     LOADLINE_RETURN_IF_ERROR(file.Replace());
class DurableFile {
 public:
  /// Starts a temporary file beside `path`.
  explicit DurableFile(std::filesystem::path path);
  /// Removes the temporary file, unless it took the path's place.
  ~DurableFile();
  DurableFile(const DurableFile&) = delete;
  DurableFile& operator=(const DurableFile&) = delete;

  /// What fails is reported by `Replace`.
  void Write(std::string_view bytes);
  /// Makes what was written durable and puts it at the path. Fails with
  /// `kFailedPrecondition` (`DATA_NOT_WRITABLE`), and then the old content
  /// stands.
  base::Status Replace();

  /// Where the new content is written first.
  static std::filesystem::path TemporaryPath(const std::filesystem::path& path);

 private:
  void Flush();
  void Check(bool good, std::string_view action);

  const std::filesystem::path path_;
  const std::filesystem::path temporary_;
  int file_ = -1;
  std::string buffer_;
  std::string failure_;
};

}  // namespace loadline::store::json
