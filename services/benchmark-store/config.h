#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "libs/base/environment.h"
#include "libs/service/settings.h"

namespace loadline::store {

enum class Backend { kJson, kPostgres };

/// How PostgreSQL is reached. URLs may hold passwords: never log them.
struct DatabaseConfig {
  std::string url;
  /// A replica's, for reads; empty for none.
  std::string read_url;
  int min_connections = 0;
  int max_connections = 0;
  int max_imports = 0;
  std::chrono::milliseconds acquire_timeout{};
  std::chrono::milliseconds max_lifetime{};
  std::chrono::milliseconds maintenance_interval{};
  bool migrate_on_start = true;
};

/// How the store runs; docs/OPERATIONS.md explains each setting.
struct Config {
  service::Settings service;
  Backend backend = Backend::kJson;
  std::filesystem::path data_dir;
  /// DATA_DIR is set: where it names no folder, that is a mistake.
  bool data_dir_named = false;
  std::filesystem::path benchmark_json_path;
  DatabaseConfig database;
  int max_watchers = 0;
  std::int64_t max_import_rows = 0;
  std::chrono::milliseconds max_import{};
  /// All of this as `NAME=value`, for the log.
  std::vector<std::string> effective;
};

/// What the configuration is for: who migrates listens nowhere, and needs no
/// certificates.
enum class Purpose { kServe, kMigrate };

/// Fails with every mistake at once.
base::Result<Config> ReadConfig(const base::EnvironmentReader::Source& source, Purpose purpose = Purpose::kServe);

/// What `--help` prints.
std::string Usage();

}  // namespace loadline::store
