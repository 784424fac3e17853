#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "libs/base/environment.h"

namespace loadline::store {

/// How the store runs; docs/OPERATIONS.md explains each setting.
struct Config {
  std::string listen_address;
  std::filesystem::path data_dir;
  /// DATA_DIR is set: where it names no folder, that is a mistake.
  bool data_dir_named = false;
  std::filesystem::path benchmark_json_path;
  int max_threads = 0;
  int max_watchers = 0;
  std::int64_t max_import_rows = 0;
  std::chrono::milliseconds max_call{};
  std::chrono::milliseconds max_import{};
  std::chrono::milliseconds shutdown_grace{};
  bool reflection = true;
  std::string log_format;
  std::string log_level;
  /// All of this as `NAME=value`, for the log.
  std::vector<std::string> effective;
};

/// Fails with every mistake at once.
base::Result<Config> ReadConfig(const base::EnvironmentReader::Source& source);

/// What `--help` prints.
std::string Usage();

}  // namespace loadline::store
