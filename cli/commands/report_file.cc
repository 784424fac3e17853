#include "cli/commands/report_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

#include "cli/commands/file_mapping.h"

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
  ReportFile file{.path = path,
                  .text = {},
                  .neighbours = {.names = [path] { return NamesBeside(path); },
                                 .read = [path](const std::string& name) { return ReadBeside(path, name); }}};
  if (size < kMapFrom) {
    LOADLINE_ASSIGN_OR_RETURN(file.text, ReadWhole(path));
    return file;
  }
  const auto mapping = FileMapping::Open(path);
  if (!mapping) return base::Fail(CannotRead(mapping.error().message));
  file.text = FileText(*mapping, (*mapping)->text());
  file.changed = [mapping = *mapping] { return mapping->changed(); };
  return file;
}

}  // namespace loadline::cli
