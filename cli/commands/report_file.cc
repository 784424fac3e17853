#include "cli/commands/report_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "cli/commands/exit_status.h"

namespace loadline::cli {
namespace {

namespace fs = std::filesystem;

/// Smaller files are read: that is safe against others who change them.
constexpr std::uintmax_t kMapFrom = std::uintmax_t{64} << 20U;
/// What has no size before it is read: a pipe, a device.
constexpr std::size_t kMaxStreamBytes = std::size_t{256} << 20U;
/// Configurations that lie beside a report are small.
constexpr std::uintmax_t kMaxNeighbourBytes = std::uintmax_t{4} << 20U;

base::Error Unusable(std::string reason, std::string message) {
  return {.code = base::ErrorCode::kInvalidArgument, .reason = std::move(reason), .message = std::move(message)};
}

base::Error CannotRead(const std::string& why) {
  return Unusable("CANNOT_READ", "cannot be read: " + why + ". Give the path of a report that you may read.");
}

/// The size of the file at `path`; 0 for what is no regular file.
base::Result<std::uintmax_t> CheckFile(const fs::path& path) {
  std::error_code failure;
  const auto status = fs::status(path, failure);
  if (fs::is_directory(status)) return base::Fail(CannotRead("it is a folder"));
  if (!fs::exists(status)) return base::Fail(CannotRead("there is no such file"));
  const auto size = fs::file_size(path, failure);
  if (failure) return std::uintmax_t{0};
  if (size > kMaxReportBytes) {
    return base::Fail(Unusable("FILE_TOO_LARGE",
                               fmt::format("is larger than {} MiB. Leave out the single requests when saving, or split "
                                           "the file.",
                                           kMaxReportBytes >> 20U)));
  }
  return size;
}

/// What is no regular file may never end.
base::Result<FileText> ReadWhole(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return base::Fail(CannotRead(std::strerror(errno)));
  std::string content;
  std::array<char, 1 << 16> block = {};
  errno = 0;
  while (file.read(block.data(), block.size()) || file.gcount() > 0) {
    content.append(block.data(), static_cast<std::size_t>(file.gcount()));
    if (content.size() > kMaxStreamBytes) {
      return base::Fail(Unusable("FILE_TOO_LARGE", fmt::format("gives more than {} MiB and is no regular file. Save it "
                                                               "to a file first.",
                                                               kMaxStreamBytes >> 20U)));
    }
  }
  if (file.bad()) return base::Fail(CannotRead(std::strerror(errno)));
  return FileText(std::move(content));
}

/// A file in the address space. What has been read of it is given back now and
/// then, and would be read again from the file: otherwise all of a large file
/// counts as memory of this process, though the system can take it back.
class Mapping {
 public:
  Mapping(void* pages, std::size_t size) : pages_(pages), size_(size), releaser_([this] { Release(); }) {}
  ~Mapping() {
    {
      const std::lock_guard lock(mutex_);
      done_ = true;
    }
    wake_.notify_one();
    releaser_.join();
    munmap(pages_, size_);
  }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

 private:
  void Release() {
    constexpr std::chrono::milliseconds kInterval{5};
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, kInterval, [this] { return done_; })) madvise(pages_, size_, MADV_DONTNEED);
  }

  void* pages_;
  std::size_t size_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool done_ = false;
  std::thread releaser_;  // Last: it uses all the others.
};

/// Reading what a file no longer has ends the process: better with a reason. An
/// import that was under way leaves nothing behind.
[[noreturn]] void OnLostPages(int /*signal*/) {
  constexpr std::string_view kWhy =
      "error: a report became shorter while it was read. Nothing of it was imported: run the import again when nobody "
      "writes to it.\n";
  // Nothing can be done where that fails.
  static_cast<void>(::write(STDERR_FILENO, kWhy.data(), kWhy.size()) < 0);
  ::_exit(static_cast<int>(ExitStatus::kBadInput));
}

base::Result<FileText> Map(const fs::path& path, std::size_t size) {
  ::signal(SIGBUS, OnLostPages);
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return base::Fail(CannotRead(std::strerror(errno)));
  void* pages = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  const std::string why = std::strerror(errno);
  close(descriptor);
  if (pages == MAP_FAILED) return base::Fail(CannotRead(why));
  return FileText(std::make_shared<const Mapping>(pages, size), {static_cast<const char*>(pages), size});
}

/// The other files of its folder.
std::vector<std::string> NamesBeside(const fs::path& path) {
  std::vector<std::string> names;
  std::error_code failure;
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  for (fs::directory_iterator entry(folder, failure), end; !failure && entry != end; entry.increment(failure)) {
    if (entry->path().filename() != path.filename()) names.push_back(entry->path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::optional<std::string> ReadBeside(const fs::path& path, const std::string& name) {
  std::error_code failure;
  const fs::path beside = path.parent_path() / name;
  const auto size = fs::file_size(beside, failure);
  if (failure || size > kMaxNeighbourBytes) return std::nullopt;
  const auto text = ReadWhole(beside);
  return text ? std::optional(std::string(text->view())) : std::nullopt;
}

}  // namespace

base::Result<ReportFile> ReadReportFile(const std::string& path) {
  LOADLINE_ASSIGN_OR_RETURN(const std::uintmax_t size, CheckFile(path));
  LOADLINE_ASSIGN_OR_RETURN(FileText text, size < kMapFrom ? ReadWhole(path) : Map(path, size));
  return ReportFile{.path = path,
                    .text = std::move(text),
                    .neighbours = {.names = [path] { return NamesBeside(path); },
                                   .read = [path](const std::string& name) { return ReadBeside(path, name); }}};
}

}  // namespace loadline::cli
