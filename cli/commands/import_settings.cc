#include "cli/commands/import_settings.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <filesystem>
#include <iterator>
#include <utility>
#include <vector>

#include "cli/commands/report_file.h"
#include "cli/importers/named_settings.h"

namespace loadline::cli {
namespace {

namespace fs = std::filesystem;

constexpr char kFlag[] = "--from-path";

/// RE2 of Debian 12 knows `(?P<name>...)` only.
std::string WithPythonGroups(std::string expression) {
  static constexpr std::string_view kGroup = "(?<";
  for (std::size_t at = expression.find(kGroup); at != std::string::npos; at = expression.find(kGroup, at + 4)) {
    expression.insert(at + 2, "P");
  }
  return expression;
}

base::Error Wrong(const std::string& description) { return base::InvalidArgument(kFlag, description); }

/// The folder of `report`, then those above it up to the one that was searched.
std::vector<fs::path> FoldersOf(const FoundReport& report) {
  std::vector<fs::path> folders = {fs::path(report.path).parent_path()};
  if (report.named()) return folders;
  const fs::path root = fs::path(report.root).lexically_normal();
  const fs::path inside =
      folders.front().lexically_normal().lexically_relative(root.has_filename() ? root : root.parent_path());
  const auto depth = inside == "." ? 0 : std::distance(inside.begin(), inside.end());
  for (auto level = depth; level > 0; --level) folders.push_back(folders.back().parent_path());
  return folders;
}

/// What is wrong with a file is said with its path.
base::Error InFile(const std::string& path, base::Error error) {
  error.message = path + ": " + error.message;
  for (auto& violation : error.violations) violation.field = path + ": " + violation.field;
  return error;
}

base::Result<ImportOverrides> ReadMeta(const std::string& folder) {
  const std::string path = (fs::path(folder) / kMetaFile).string();
  std::error_code failure;
  if (!fs::exists(path, failure)) return ImportOverrides{};
  const auto file = ReadReportFile(path);
  if (!file) return base::Fail(InFile(path, file.error()));
  auto settings = ParseMetaFile(file->text.view());
  if (!settings) return base::Fail(InFile(path, settings.error()));
  return settings;
}

}  // namespace

struct PathPattern::Compiled {
  explicit Compiled(const std::string& expression) : pattern(WithPythonGroups(expression), RE2::Quiet) {}
  RE2 pattern;
};

PathPattern::PathPattern(std::unique_ptr<Compiled> compiled) : compiled_(std::move(compiled)) {}
PathPattern::PathPattern(PathPattern&&) noexcept = default;
PathPattern& PathPattern::operator=(PathPattern&&) noexcept = default;
PathPattern::~PathPattern() = default;

base::Result<PathPattern> PathPattern::Parse(const std::string& expression) {
  auto compiled = std::make_unique<Compiled>(expression);
  if (!compiled->pattern.ok()) return base::Fail(Wrong("is no regular expression: " + compiled->pattern.error()));
  const auto& groups = compiled->pattern.NamedCapturingGroups();
  if (groups.empty()) {
    return base::Fail(Wrong("has no named group such as `(?<hardware>[^_/]+)`. Names: " + SettingNames()));
  }
  for (const auto& [name, index] : groups) {
    if (!IsSettingName(name)) {
      return base::Fail(Wrong(fmt::format("has a group `{}`, which is no setting. Names: {}", name, SettingNames())));
    }
  }
  return PathPattern(std::move(compiled));
}

base::Result<ImportOverrides> PathPattern::Apply(const std::string& path) const {
  const RE2& pattern = compiled_->pattern;
  std::vector<re2::StringPiece> groups(static_cast<std::size_t>(pattern.NumberOfCapturingGroups()) + 1);
  const bool matches =
      pattern.Match(path, 0, path.size(), RE2::UNANCHORED, groups.data(), static_cast<int>(groups.size()));
  std::map<std::string, std::string> values;
  for (const auto& [name, index] : pattern.NamedCapturingGroups()) {
    if (matches) values[name] = groups[static_cast<std::size_t>(index)].as_string();
  }
  return SettingsByName(values);
}

base::Result<ImportOverrides> MetaFiles::In(const std::string& folder) {
  const auto known = read_.find(folder);
  return known != read_.end() ? known->second : read_.emplace(folder, ReadMeta(folder)).first->second;
}

base::Result<ImportOverrides> MetaFiles::For(const FoundReport& report) {
  ImportOverrides settings;
  for (const fs::path& folder : FoldersOf(report)) {
    LOADLINE_ASSIGN_OR_RETURN(const ImportOverrides further, In(folder.string()));
    settings = FilledUp(std::move(settings), further);
  }
  return settings;
}

}  // namespace loadline::cli
