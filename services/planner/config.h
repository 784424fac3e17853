#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "libs/base/environment.h"
#include "libs/rpc/tls_files.h"
#include "libs/service/settings.h"

namespace loadline::planner {

/// How the planner runs; docs/OPERATIONS.md explains each setting.
struct Config {
  service::Settings service;
  std::string store_address;
  /// The CA of the store's certificate; empty for plaintext.
  std::string store_ca_file;
  /// The name in the store's certificate, where it is not that of its address.
  std::string store_server_name;
  std::chrono::milliseconds store_timeout{};
  std::size_t evidence_max_bytes = 0;
  std::chrono::milliseconds evidence_max_age{};
  /// All of this as `NAME=value`, for the log.
  std::vector<std::string> effective;
};

/// Fails with every mistake at once.
base::Result<Config> ReadConfig(const base::EnvironmentReader::Source& source);

/// The files with which it calls the store: its own certificate, and the store's CA.
rpc::TlsFiles StoreFiles(const Config& config);

/// What `--help` prints.
std::string Usage();

}  // namespace loadline::planner
