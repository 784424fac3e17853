#include "bench/report.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <google/protobuf/stubs/common.h>
#include <grpcpp/grpcpp.h>
#include <sys/utsname.h>

#include <chrono>
#include <fstream>
#include <thread>

namespace loadline::bench {
namespace {

// The value of the first line of a /proc file that starts with `key`.
std::string ProcValue(const char* file, std::string_view key) {
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(key)) continue;
    const auto value = line.find_first_not_of(" \t", line.find(':') + 1);
    return value == std::string::npos ? "" : line.substr(value);
  }
  return "unknown";
}

std::string Kernel() {
  utsname name = {};
  return ::uname(&name) == 0 ? fmt::format("{} {} {}", name.sysname, name.release, name.machine) : "unknown";
}

std::string Machine() {
  return fmt::format(
      "| | |\n|---|---|\n| date | {:%Y-%m-%d} |\n| processor | {}, {} cores |\n| memory | {} |\n| kernel | {} |\n"
      "| compiler | g++ {} |\n| gRPC, protobuf | {}, {} |\n",
      fmt::gmtime(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now())),
      ProcValue("/proc/cpuinfo", "model name"), std::thread::hardware_concurrency(),
      ProcValue("/proc/meminfo", "MemTotal"), Kernel(), __VERSION__, grpc::Version(),
      google::protobuf::internal::VersionString(GOOGLE_PROTOBUF_VERSION));
}

std::string Verdict(bool passes) { return passes ? "PASS" : "**MISS**"; }

std::string Bar(const LatencyRow& row) {
  const auto ratio = fmt::format("≤ {:g} x", row.max_ratio);
  return row.max_ms ? fmt::format("{}, ≤ {:g} ms", ratio, *row.max_ms) : ratio;
}

std::string Line(const LatencyRow& row) {
  return fmt::format("| {} | {} | {:.0f} | {:.0f} | {:.0f} | {:.0f} | **{:.2f} x** | {:.2f} x | {} | {} |\n", row.what,
                     row.connections, row.empty_p50, row.empty_p99, row.p50, row.p99, row.ratio(),
                     row.p99 / row.empty_p99, Bar(row), Verdict(row.passes()));
}

std::string Line(const MemoryRow& row) {
  return fmt::format("| {} | {} | {:.1f} | **{:.0f}** | ≤ {:g} | {} |\n", row.what, row.rows,
                     static_cast<double>(row.bytes) / (1 << 20), row.bytes_per_row(), row.max_bytes_per_row,
                     Verdict(row.passes()));
}

}  // namespace

std::string ToMarkdown(const Report& report) {
  std::string text = "# Benchmark results\n\nMade by `make bench`";
  text +=
      fmt::format(" with seed {}{}.\n\n", report.seed, report.quick ? ", in quick mode: too few rows to count" : "");
  text += Machine();
  text +=
      "\n## Latency\n\nMicroseconds at the client, over loopback, clients and servers sharing the cores. `Check` is "
      "the "
      "same server's\n`grpc.health.v1.Health/Check`, measured in alternating rounds on the same connections. The bar "
      "is "
      "on p50 ÷ p50 of\n`Check`; a bar in ms is on p50, over one connection.\n\n"
      "| call | connections | Check p50 | Check p99 | p50 | p99 | p50 ÷ | p99 ÷ | bar | |\n"
      "|---|---:|---:|---:|---:|---:|---:|---:|---|---|\n";
  for (const auto& row : report.latencies) text += Line(row);
  text +=
      "\n## Memory\n\nResident memory of a service with the data set, less that of one without, in MiB and in bytes "
      "per "
      "benchmark.\n\n| service | benchmarks | MiB | bytes each | bar | |\n|---|---:|---:|---:|---|---|\n";
  for (const auto& row : report.memory) text += Line(row);
  if (report.backends) text += ToMarkdown(*report.backends);
  return text;
}

}  // namespace loadline::bench
