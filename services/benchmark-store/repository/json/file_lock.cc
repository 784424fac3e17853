#include "services/benchmark-store/repository/json/file_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

namespace loadline::store::json {
namespace {

constexpr mode_t kMode = 0644;

base::Error DataInUse(const std::filesystem::path& path) {
  return base::FailedPrecondition(
      "DATA_IN_USE",
      fmt::format("Another benchmark-store uses {}: stop it, or set BENCHMARK_JSON_PATH to another file.",
                  path.string()));
}

}  // namespace

base::Result<std::unique_ptr<FileLock>> FileLock::Acquire(const std::filesystem::path& path) {
  const int file = ::open((path.string() + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kMode);
  if (file < 0) return nullptr;
  std::unique_ptr<FileLock> lock(new FileLock(file));
  if (::flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) return base::Fail(DataInUse(path));
  return lock;
}

FileLock::~FileLock() { ::close(file_); }

}  // namespace loadline::store::json
