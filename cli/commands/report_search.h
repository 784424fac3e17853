#pragma once

#include <string>
#include <vector>

#include "libs/base/error.h"

namespace loadline::cli {

/// The file beside reports that says what they do not.
inline constexpr char kMetaFile[] = "meta.yaml";

struct FoundReport {
  std::string path;
  /// The folder that was searched; "" for a file that was named.
  std::string root = {};

  /// A person meant this file; others were met in a folder.
  bool named() const { return root.empty(); }
};

struct MissingPath {
  std::string path;
  base::Error error;
};

struct SearchResult {
  /// Each path once, in the order of the arguments and then of names.
  std::vector<FoundReport> found = {};
  std::vector<MissingPath> missing = {};
};

/// Finds the files that `paths` mean: a file is itself, a folder all files in
/// it and below that may be reports by the ends of their names, and what is no
/// file is a pattern such as `runs/*.json`.
SearchResult FindReports(const std::vector<std::string>& paths);

}  // namespace loadline::cli
