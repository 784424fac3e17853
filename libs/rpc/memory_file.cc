#include "libs/rpc/memory_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <system_error>

#include "libs/rpc/socket.h"

namespace loadline::rpc {
namespace {

int Checked(int outcome, const char* what) {
  if (outcome < 0) throw std::system_error(errno, std::generic_category(), what);
  return outcome;
}

void WriteAll(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const auto written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw std::system_error(errno, std::generic_category(), "write to a file in memory");
    content.remove_prefix(static_cast<std::size_t>(written));
  }
}

void SetModified(int descriptor, long long seconds) {
  const timespec time = {.tv_sec = static_cast<time_t>(seconds), .tv_nsec = 0};
  const std::array<timespec, 2> times = {time, time};
  Checked(::futimens(descriptor, times.data()), "set the time of a file in memory");
}

Descriptor Make(std::string_view content, long long modified_s) {
  Descriptor file(Checked(::memfd_create("loadline", MFD_CLOEXEC), "make a file in memory"));
  WriteAll(file.get(), content);
  SetModified(file.get(), modified_s);
  return file;
}

}  // namespace

MemoryFile::MemoryFile(std::string_view content) : modified_s_(std::time(nullptr)) {
  descriptor_ = Make(content, modified_s_).Release();
}

MemoryFile::~MemoryFile() { ::close(descriptor_); }

void MemoryFile::Replace(std::string_view content) {
  const auto modified_s = std::max<long long>(modified_s_ + 1, std::time(nullptr));
  const auto file = Make(content, modified_s);
  // In one step: the path names the new file from here on, and who has opened
  // the old one reads it to its end.
  Checked(::dup3(file.get(), descriptor_, O_CLOEXEC), "replace a file in memory");
  modified_s_ = modified_s;
}

std::string MemoryFile::path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

}  // namespace loadline::rpc
