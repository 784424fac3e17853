#include "cli/commands/prepared_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "cli/commands/report_file.h"
#include "cli/importers/named_settings.h"

namespace loadline::cli {
namespace {

/// About 100 MB of rows.
constexpr std::size_t kMaxKeptRows = 50'000;
constexpr std::size_t kNamedFiles = 3;

std::string SomeOf(const std::vector<std::string>& files) {
  std::string text;
  for (std::size_t i = 0; i < std::min(files.size(), kNamedFiles); ++i) text += (i == 0 ? "" : ", ") + files[i];
  return files.size() > kNamedFiles ? fmt::format("{} and {} more", text, files.size() - kNamedFiles) : text;
}

/// "the report does not name the GPU type; give it" without the report.
std::string WhatIsMissing(const std::string& description) {
  constexpr std::string_view kBefore = "the report does not name ";
  const std::string_view text = description;
  const std::size_t start = text.starts_with(kBefore) ? kBefore.size() : 0;
  return std::string(text.substr(start, text.find(';') - start));
}

base::Error WasChanged() {
  return {.code = base::ErrorCode::kInvalidArgument,
          .reason = "CANNOT_READ",
          .message = "changed while it was read. Import it again when what writes it is done."};
}

}  // namespace

bool PreparedReport::skipped() const {
  if (!failure) return false;
  return failure->reason == "NOT_NEEDED" || (failure->reason == "NOT_A_REPORT" && !file.named());
}

base::Result<ImportOverrides> ReportReader::FallbacksFor(const FoundReport& file) {
  LOADLINE_ASSIGN_OR_RETURN(ImportOverrides beside, meta_files_.For(file));
  if (!arguments_.from_path) return beside;
  LOADLINE_ASSIGN_OR_RETURN(ImportOverrides in_path, arguments_.from_path->Apply(file.path));
  return FilledUp(std::move(in_path), beside);
}

base::Result<ImportedReport> ReportReader::Read(const FoundReport& file) {
  ImportOptions options = arguments_.options;
  LOADLINE_ASSIGN_OR_RETURN(options.fallbacks, FallbacksFor(file));
  LOADLINE_ASSIGN_OR_RETURN(const ReportFile content, ReadReportFile(file.path));
  auto report = ReadReport(content, options);
  if (content.changed && content.changed()) return base::Fail(WasChanged());
  return report;
}

PreparedReport ReportReader::Prepare(const FoundReport& file) {
  PreparedReport prepared{.file = file};
  auto report = Read(file);
  if (!report) {
    prepared.failure = std::move(report).error();
  } else if (kept_rows_ + report->rows.size() <= kMaxKeptRows) {
    kept_rows_ += report->rows.size();
    prepared.report = *std::move(report);
  }
  return prepared;
}

std::vector<base::FieldViolation> MissingSettings(const std::vector<PreparedReport>& reports) {
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> lacking;
  for (const PreparedReport& report : reports) {
    if (!report.lacks_settings()) continue;
    for (const auto& [flag, description] : report.failure->violations) {
      lacking[{flag, WhatIsMissing(description)}].push_back(report.file.path);
    }
  }
  std::vector<base::FieldViolation> violations;
  for (const auto& [missing, files] : lacking) {
    violations.push_back({missing.first, fmt::format("{} files do not name {}: {}. Give it, or say it in a {} beside "
                                                     "them or by --from-path",
                                                     files.size(), missing.second, SomeOf(files), kMetaFile)});
  }
  return violations;
}

}  // namespace loadline::cli
