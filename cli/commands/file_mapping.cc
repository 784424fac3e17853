#include "cli/commands/file_mapping.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstring>

namespace loadline::cli {
namespace {

/// The mappings in use, for a handler of signals, which must not lock. An end
/// of 0 is a free place.
struct Place {
  std::atomic<std::uintptr_t> begin = 0;
  std::atomic<std::uintptr_t> end = 0;
};
std::array<Place, 16> places;

/// The kernel sends SIGBUS where a mapped file has become shorter. Zeros are put
/// there; anywhere else the signal does what it always does.
void PutZerosWhereTheFileEnds(int signal, siginfo_t* info, void* /*context*/) {
  const auto address = reinterpret_cast<std::uintptr_t>(info->si_addr);
  const auto page_size = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  const std::uintptr_t page = address / page_size * page_size;
  for (const Place& place : places) {
    const std::uintptr_t end = place.end;
    if (address < place.begin || address >= end) continue;
    constexpr int kFlags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    void* zeros = mmap(reinterpret_cast<void*>(page), end - page, PROT_READ, kFlags, -1, 0);  // NOLINT: an address
    if (zeros != MAP_FAILED) return;
  }
  std::signal(signal, SIG_DFL);  // Behind this the same access ends the process.
}

void HandleShortenedFiles() {
  static const bool handled = [] {
    struct sigaction action = {};
    action.sa_sigaction = PutZerosWhereTheFileEnds;
    action.sa_flags = SA_SIGINFO;
    return sigaction(SIGBUS, &action, nullptr) == 0;
  }();
  static_cast<void>(handled);
}

/// Without a free place a shortened file ends the process, as it would without
/// all this.
void Register(std::uintptr_t begin, std::size_t size) {
  for (Place& place : places) {
    std::uintptr_t free = 0;
    if (place.begin.compare_exchange_strong(free, begin)) {
      place.end = begin + size;
      return;
    }
  }
}

void Unregister(std::uintptr_t begin) {
  const auto found =
      std::find_if(places.begin(), places.end(), [&](const Place& place) { return place.begin == begin; });
  if (found == places.end()) return;
  found->end = 0;
  found->begin = 0;
}

base::Error CannotRead(int error) {
  return {.code = base::ErrorCode::kInvalidArgument, .reason = "CANNOT_READ", .message = std::strerror(error)};
}

}  // namespace

base::Result<std::shared_ptr<const FileMapping>> FileMapping::Open(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return base::Fail(CannotRead(errno));
  struct stat opened = {};
  void* pages = MAP_FAILED;
  if (fstat(descriptor, &opened) == 0) {
    pages = mmap(nullptr, static_cast<std::size_t>(opened.st_size), PROT_READ, MAP_PRIVATE, descriptor, 0);
  }
  if (pages == MAP_FAILED) {
    const int error = errno;
    close(descriptor);
    return base::Fail(CannotRead(error));
  }
  return std::shared_ptr<const FileMapping>(new FileMapping(descriptor, opened, pages));
}

FileMapping::FileMapping(int descriptor, const struct stat& opened, void* pages)
    : descriptor_(descriptor), opened_(opened), pages_(pages), size_(static_cast<std::size_t>(opened.st_size)) {
  HandleShortenedFiles();
  Register(reinterpret_cast<std::uintptr_t>(pages_), size_);
  releaser_ = std::thread([this] { GiveBackNowAndThen(); });
}

FileMapping::~FileMapping() {
  {
    const std::lock_guard lock(mutex_);
    done_ = true;
  }
  wake_.notify_one();
  releaser_.join();
  Unregister(reinterpret_cast<std::uintptr_t>(pages_));
  munmap(pages_, size_);
  close(descriptor_);
}

bool FileMapping::changed() const {
  struct stat now = {};
  if (fstat(descriptor_, &now) != 0) return true;
  return now.st_size != opened_.st_size || now.st_mtim.tv_sec != opened_.st_mtim.tv_sec ||
         now.st_mtim.tv_nsec != opened_.st_mtim.tv_nsec;
}

void FileMapping::GiveBackNowAndThen() {
  constexpr std::chrono::milliseconds kInterval{5};
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, kInterval, [this] { return done_; })) madvise(pages_, size_, MADV_DONTNEED);
}

}  // namespace loadline::cli
