#include "services/benchmark-store/repository/json/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace loadline::store::json {
namespace {

std::unique_ptr<MappedFile> Closing(int file, std::unique_ptr<MappedFile> result) {
  const int why = errno;
  ::close(file);
  errno = why;
  return result;
}

}  // namespace

std::unique_ptr<MappedFile> MappedFile::Open(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return nullptr;
  struct stat status = {};
  if (::fstat(file, &status) != 0) return Closing(file, nullptr);
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size == 0) return Closing(file, std::unique_ptr<MappedFile>(new MappedFile({})));
  void* memory = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
  if (memory == MAP_FAILED) return Closing(file, nullptr);
  return Closing(file, std::unique_ptr<MappedFile>(new MappedFile({static_cast<const char*>(memory), size})));
}

MappedFile::~MappedFile() {
  if (!text_.empty()) ::munmap(const_cast<char*>(text_.data()), text_.size());
}

}  // namespace loadline::store::json
