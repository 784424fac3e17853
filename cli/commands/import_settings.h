#pragma once

#include <map>
#include <memory>
#include <string>

#include "cli/commands/report_search.h"
#include "cli/importers/importer.h"
#include "libs/base/result.h"

namespace loadline::cli {

/// A regular expression (RE2) whose named groups are settings, such as
/// `(?<hardware>[^/]+)_tp(?<tp>\d+)`.
class PathPattern {
 public:
  /// Fails with a violation on `--from-path`: no expression, no named group, or
  /// a name that is no setting.
  static base::Result<PathPattern> Parse(const std::string& expression);

  /// What `path` says; nothing where it does not match. Fails where a group is
  /// no number and should be one.
  base::Result<ImportOverrides> Apply(const std::string& path) const;

  PathPattern(PathPattern&&) noexcept;
  PathPattern& operator=(PathPattern&&) noexcept;
  ~PathPattern();

 private:
  struct Compiled;
  explicit PathPattern(std::unique_ptr<Compiled> compiled);
  std::unique_ptr<Compiled> compiled_;
};

/// What stands beside reports about all of them: each meta.yaml is read once.
class MetaFiles {
 public:
  /// What the meta.yaml beside `report` says, and what it does not from those
  /// above it, up to the folder that was searched. Fails with the path of the
  /// one that is wrong.
  base::Result<ImportOverrides> For(const FoundReport& report);

 private:
  base::Result<ImportOverrides> In(const std::string& folder);

  std::map<std::string, base::Result<ImportOverrides>> read_;
};

}  // namespace loadline::cli
