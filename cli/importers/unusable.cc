#include "cli/importers/unusable.h"

#include <fmt/format.h>

#include <string>

#include "cli/importers/document.h"
#include "cli/importers/failure.h"
#include "cli/importers/importer.h"
#include "libs/domain/text.h"

namespace loadline::cli {
namespace {

bool IsUtf16(std::string_view text) { return text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"); }

}  // namespace

base::Status CheckUsable(std::string_view text) {
  if (text.size() > kMaxReportBytes) {
    const auto limit = std::to_string(kMaxReportBytes >> 20U);
    return base::Fail(ReportFailure(
        "FILE_TOO_LARGE",
        fmt::format("larger than {} MiB. Leave out the single requests when saving, or split the file.", limit),
        {{"limit_mib", limit}}));
  }
  if (domain::Trim(WithoutByteOrderMark(text)).empty()) {
    return base::Fail(ReportFailure("NOT_A_REPORT", "the file is empty. See the log of the run, and run it again."));
  }
  if (IsUtf16(text)) return base::Fail(ReportFailure("NOT_A_REPORT", "a text in UTF-16. Save it as UTF-8."));
  return {};
}

}  // namespace loadline::cli
