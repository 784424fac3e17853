#include "libs/telemetry/process_metrics.h"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <system_error>

namespace loadline::telemetry {
namespace {

// Fields of /proc/self/stat by their number in proc(5), less one.
constexpr std::size_t kUserTicks = 13;
constexpr std::size_t kSystemTicks = 14;
constexpr std::size_t kThreads = 19;
constexpr std::size_t kStartTicks = 21;
constexpr std::size_t kVirtualBytes = 22;
constexpr std::size_t kResidentPages = 23;

double TicksPerSecond() { return static_cast<double>(sysconf(_SC_CLK_TCK)); }

// The second field, the program's name, stands in brackets and may hold spaces.
std::vector<double> ReadStat() {
  std::ifstream file("/proc/self/stat");
  std::string line;
  std::getline(file, line);
  std::vector<double> fields = {0, 0, 0};
  const auto name_end = line.rfind(')');
  if (name_end == std::string::npos || name_end + 3 > line.size()) return {};
  std::istringstream rest(line.substr(name_end + 3));
  for (double value = 0; rest >> value;) fields.push_back(value);
  return fields;
}

/// Seconds since 1970.
std::optional<double> BootTime() {
  std::ifstream file("/proc/stat");
  for (std::string word; file >> word;) {
    double seconds = 0;
    if (word == "btime" && file >> seconds) return seconds;
  }
  return std::nullopt;
}

std::optional<double> OpenDescriptors() {
  std::error_code failure;
  std::filesystem::directory_iterator entries("/proc/self/fd", failure);
  if (failure) return std::nullopt;
  // One of them is what reads the folder.
  return static_cast<double>(std::distance(begin(entries), end(entries)) - 1);
}

void AddOfStat(const std::vector<double>& stat, Metrics& metrics) {
  if (stat.size() <= kResidentPages) return;
  const auto page = static_cast<double>(sysconf(_SC_PAGESIZE));
  metrics.push_back(Counter("process_cpu_seconds_total", "User and system time of the process.",
                            (stat[kUserTicks] + stat[kSystemTicks]) / TicksPerSecond()));
  metrics.push_back(Gauge("process_threads", "Threads of the process.", stat[kThreads]));
  metrics.push_back(Gauge("process_virtual_memory_bytes", "Address space of the process.", stat[kVirtualBytes]));
  metrics.push_back(
      Gauge("process_resident_memory_bytes", "Memory of the process in RAM.", stat[kResidentPages] * page));
  if (const auto boot = BootTime()) {
    metrics.push_back(Gauge("process_start_time_seconds", "When the process started, seconds since 1970.",
                            *boot + stat[kStartTicks] / TicksPerSecond()));
  }
}

void AddDescriptors(Metrics& metrics) {
  if (const auto open = OpenDescriptors()) {
    metrics.push_back(Gauge("process_open_fds", "Descriptors that the process has.", *open));
  }
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    metrics.push_back(
        Gauge("process_max_fds", "Descriptors that the process may have.", static_cast<double>(limit.rlim_cur)));
  }
}

}  // namespace

Metrics ProcessMetrics() {
  Metrics metrics;
  AddOfStat(ReadStat(), metrics);
  AddDescriptors(metrics);
  return metrics;
}

}  // namespace loadline::telemetry
