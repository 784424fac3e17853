#include "services/benchmark-store/repository/json/durable_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "services/benchmark-store/repository/benchmark_repository.h"

namespace loadline::store::json {
namespace {

constexpr std::size_t kBufferBytes = 1 << 20;
constexpr mode_t kMode = 0644;

bool WriteAll(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// Makes a rename durable. Some file systems cannot, and then keep the order of
// operations by themselves.
void SyncFolder(const std::filesystem::path& file) {
  const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (handle < 0) return;
  ::fsync(handle);
  ::close(handle);
}

}  // namespace

std::filesystem::path WithoutLinks(const std::filesystem::path& path) {
  std::error_code failed;
  auto target = std::filesystem::canonical(path, failed);
  return failed ? path : target;
}

std::filesystem::path DurableFile::TemporaryPath(const std::filesystem::path& path) {
  auto temporary = path;
  temporary += ".tmp";
  return temporary;
}

DurableFile::DurableFile(std::filesystem::path path)
    : path_(std::move(path)),
      temporary_(TemporaryPath(path_)),
      file_(::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kMode)) {
  Check(file_ >= 0, "open");
}

DurableFile::~DurableFile() {
  if (file_ < 0) return;
  ::close(file_);
  ::unlink(temporary_.c_str());
}

void DurableFile::Check(bool good, std::string_view action) {
  if (!good && failure_.empty()) {
    failure_ = fmt::format("{} {}: {}", action, temporary_.string(), std::strerror(errno));
  }
}

void DurableFile::Write(std::string_view bytes) {
  buffer_ += bytes;
  if (buffer_.size() >= kBufferBytes) Flush();
}

void DurableFile::Flush() {
  if (failure_.empty()) Check(WriteAll(file_, buffer_), "write");
  buffer_.clear();
}

base::Status DurableFile::Replace() {
  Flush();
  if (failure_.empty()) Check(::fsync(file_) == 0, "fsync");
  if (failure_.empty()) Check(std::rename(temporary_.c_str(), path_.c_str()) == 0, "rename");
  if (!failure_.empty()) return base::Fail(DataNotWritable(failure_));
  ::close(file_);
  file_ = -1;
  SyncFolder(path_);
  return {};
}

}  // namespace loadline::store::json
