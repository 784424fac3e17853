#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/commands/import_settings.h"
#include "cli/commands/session.h"
#include "cli/importers/importer.h"

namespace loadline::cli {

struct ImportArguments {
  /// Files, folders and patterns.
  std::vector<std::string> paths = {};
  ImportOptions options = {};
  std::optional<PathPattern> from_path = {};
  bool dry_run = false;
};

/// Reads all files first, so that what is missing can be asked for once, then
/// sends them one by one; a file's failure does not stop the others, but a store
/// that is away does. Of files that were met in a folder, those that are no
/// reports are passed over. Returns the worst status.
ExitStatus RunImport(Session& session, const ImportArguments& arguments);

}  // namespace loadline::cli
