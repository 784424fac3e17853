#include "cli/commands/report_file.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace loadline::cli {
namespace {

constexpr std::uintmax_t kMaxBytes = std::uintmax_t{1} << 30U;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

base::Error Unusable(std::string reason, std::string message) {
  return {.code = base::ErrorCode::kInvalidArgument, .reason = std::move(reason), .message = std::move(message)};
}

base::Error CannotRead(const std::string& why) {
  return Unusable("CANNOT_READ", "cannot be read: " + why + ". Give the path of a report that you may read.");
}

base::Status CheckFile(const std::string& path) {
  std::error_code failure;
  const auto status = std::filesystem::status(path, failure);
  if (std::filesystem::is_directory(status)) return base::Fail(CannotRead("it is a folder"));
  if (!std::filesystem::exists(status)) return base::Fail(CannotRead("there is no such file"));
  const auto size = std::filesystem::file_size(path, failure);
  if (!failure && size > kMaxBytes) {
    return base::Fail(Unusable("FILE_TOO_LARGE", "is larger than 1 GiB. Split it into several files."));
  }
  return {};
}

}  // namespace

base::Result<ReportFile> ReadReportFile(const std::string& path) {
  LOADLINE_RETURN_IF_ERROR(CheckFile(path));
  std::ifstream file(path, std::ios::binary);
  if (!file) return base::Fail(CannotRead(std::strerror(errno)));
  std::ostringstream content;
  content << file.rdbuf();
  ReportFile report = {.path = path, .text = std::move(content).str()};
  if (report.text.starts_with(kByteOrderMark)) report.text.erase(0, kByteOrderMark.size());
  return report;
}

}  // namespace loadline::cli
