#include "cli/commands/report_search.h"

#include <glob.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <utility>

#include "libs/domain/text.h"

namespace loadline::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 12> kExtensions = {".json", ".jsonl", ".ndjson", ".yaml", ".yml", ".csv",
                                                          ".tsv",  ".psv",   ".sql",    ".dump", ".txt", ".out"};

bool MayBeReport(const fs::directory_entry& entry) {
  std::error_code failure;
  const std::string name = entry.path().filename().string();
  const std::string extension = domain::Lower(entry.path().extension().string());
  return entry.is_regular_file(failure) && !name.starts_with('.') && name != kMetaFile &&
         std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end();
}

std::vector<std::string> FilesIn(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code failure;
  constexpr auto kOptions = fs::directory_options::skip_permission_denied;
  for (fs::recursive_directory_iterator entry(folder, kOptions, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    if (MayBeReport(*entry)) files.push_back(entry->path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> Matches(const std::string& pattern) {
  glob_t matches = {};
  std::vector<std::string> paths;
  if (glob(pattern.c_str(), 0, nullptr, &matches) == 0) {
    paths.assign(matches.gl_pathv, matches.gl_pathv + matches.gl_pathc);
  }
  globfree(&matches);
  return paths;
}

base::Error NotFound(std::string why) {
  return {.code = base::ErrorCode::kInvalidArgument,
          .reason = "CANNOT_READ",
          .message = "cannot be read: " + std::move(why)};
}

class Search {
 public:
  void Add(const std::string& path) {
    std::error_code failure;
    const auto status = fs::status(path, failure);
    if (fs::is_directory(status)) return AddFolder(path);
    if (fs::exists(status)) return AddFile({.path = path});
    AddPattern(path);
  }

  SearchResult Take() { return std::move(result_); }

 private:
  void AddFile(FoundReport file) {
    if (known_.insert(fs::path(file.path).lexically_normal().string()).second) result_.found.push_back(std::move(file));
  }

  void AddFolder(const std::string& folder) {
    const auto files = FilesIn(folder);
    if (files.empty()) {
      result_.missing.push_back({folder, NotFound("it is a folder without any file that may be a report.")});
    }
    for (const std::string& file : files) AddFile({.path = file, .root = folder});
  }

  void AddPattern(const std::string& pattern) {
    const auto paths = Matches(pattern);
    if (paths.empty()) {
      result_.missing.push_back(
          {pattern, NotFound("there is no such file. Give the path of a report that you may read.")});
    }
    std::error_code failure;
    for (const std::string& path : paths) {
      fs::is_directory(path, failure) ? AddFolder(path) : AddFile({.path = path});
    }
  }

  SearchResult result_;
  std::set<std::string> known_;
};

}  // namespace

SearchResult FindReports(const std::vector<std::string>& paths) {
  Search search;
  for (const std::string& path : paths) search.Add(path);
  return search.Take();
}

}  // namespace loadline::cli
