#include "libs/testing/temp_dir.h"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <system_error>

namespace loadline::testing {
namespace {

[[noreturn]] void ThrowErrno(const std::string& what) { throw std::system_error(errno, std::generic_category(), what); }

}  // namespace

TempDir::TempDir() {
  auto name = (std::filesystem::temp_directory_path() / "loadline-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) ThrowErrno(name);
  path_ = name;
}

TempDir::~TempDir() {
  std::error_code ignored;
  // A test may have taken the right to write away.
  std::filesystem::permissions(path_, std::filesystem::perms::owner_all, ignored);
  std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path TempDir::Write(std::string_view name, std::string_view content) const {
  auto file = path_ / name;
  std::filesystem::create_directories(file.parent_path());
  std::ofstream out(file, std::ios::binary);
  out << content;
  out.close();
  if (!out) ThrowErrno(file);
  return file;
}

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) ThrowErrno(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace loadline::testing
