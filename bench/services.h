#pragma once

#include <grpcpp/channel.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "bench/data_set.h"
#include "libs/testing/process.h"

namespace loadline::bench {

/// Where the programs and the catalogue are.
struct Installation {
  std::filesystem::path binaries;
  std::filesystem::path data;
};

/// A new connection of its own to `address`: channels of one process share
/// connections unless an argument differs.
std::shared_ptr<grpc::Channel> Connect(const std::string& address);

/// A running service.
class Service {
 public:
  Service(const std::filesystem::path& binary, const std::map<std::string, std::string>& environment);

  /// Waits until it listens.
  std::string address();
  /// Memory that it holds now.
  std::int64_t resident_bytes() const;
  /// The most that it ever held.
  std::int64_t peak_bytes() const;
  /// The field of the first log line with this event. Throws if there is none.
  std::string Logged(const std::string& event, const std::string& field);

 private:
  std::int64_t Status(std::string_view key) const;

  std::unique_ptr<testing::Process> process_;
};

/// A benchmark-store with these settings besides.
Service StartStore(const Installation& installation, const std::map<std::string, std::string>& settings);
/// A benchmark-store on a data file.
Service StartStore(const Installation& installation, const std::filesystem::path& data_file);

/// A planner on the store at `store_address`.
Service StartPlanner(const Installation& installation, const std::string& store_address);

}  // namespace loadline::bench
