#include "bench/services.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <atomic>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace loadline::bench {
namespace {

// Loading a million rows takes its time.
constexpr std::chrono::minutes kStartPatience{10};

}  // namespace

std::shared_ptr<grpc::Channel> Connect(const std::string& address) {
  static std::atomic<int> next = 0;
  grpc::ChannelArguments arguments;
  arguments.SetInt("loadline.bench.connection", next++);
  arguments.SetMaxReceiveMessageSize(-1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

Service::Service(const std::filesystem::path& binary, const std::map<std::string, std::string>& environment)
    : process_(
          std::make_unique<testing::Process>(testing::ProcessOptions{.binary = binary, .environment = environment})) {}

std::string Service::address() { return "127.0.0.1:" + std::to_string(process_->Port(kStartPatience)); }

std::string Service::Logged(const std::string& event, const std::string& field) {
  const auto line = process_->WaitForEvent(event, kStartPatience);
  if (!line) throw std::runtime_error("A service ended early. It wrote:\n" + process_->ErrorOutput());
  return line->at(field);
}

std::int64_t Service::resident_bytes() const { return Status("VmRSS:"); }

std::int64_t Service::peak_bytes() const { return Status("VmHWM:"); }

std::int64_t Service::Status(std::string_view key) const {
  std::ifstream status("/proc/" + std::to_string(process_->id()) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (!line.starts_with(key)) continue;
    std::int64_t kib = 0;
    std::istringstream(line.substr(6)) >> kib;
    return kib * 1024;
  }
  throw std::runtime_error("The kernel does not say how much memory a service holds.");
}

Service StartStore(const Installation& installation, const std::map<std::string, std::string>& settings) {
  auto environment = settings;
  environment.insert({{"LISTEN_ADDRESS", "127.0.0.1:0"}, {"DATA_DIR", installation.data}});
  return Service(installation.binaries / "benchmark-store", environment);
}

Service StartStore(const Installation& installation, const std::filesystem::path& data_file) {
  return StartStore(installation, std::map<std::string, std::string>{{"BENCHMARK_JSON_PATH", data_file}});
}

Service StartPlanner(const Installation& installation, const std::string& store_address) {
  return Service(installation.binaries / "planner", {{"LISTEN_ADDRESS", "127.0.0.1:0"},
                                                     {"BENCHMARK_STORE_ADDRESS", store_address},
                                                     {"MAX_CALL_MS", "600000"},
                                                     {"STORE_TIMEOUT_MS", "60000"}});
}

}  // namespace loadline::bench
