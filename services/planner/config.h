#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "libs/base/environment.h"

namespace loadline::planner {

/// How the planner runs; docs/OPERATIONS.md explains each setting.
struct Config {
  std::string listen_address;
  std::string store_address;
  int max_threads = 0;
  std::chrono::milliseconds max_call{};
  std::chrono::milliseconds store_timeout{};
  std::size_t evidence_max_bytes = 0;
  std::chrono::milliseconds evidence_max_age{};
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

}  // namespace loadline::planner
