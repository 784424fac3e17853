#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "libs/testing/process.h"
#include "tests/attack/connection.h"
#include "tests/integration/services.h"

namespace loadline::attack {

/// Answered without a thread of the pool.
inline constexpr char kHealthPath[] = "/grpc.health.v1.Health/Check";

/// Asks a port for the health of its server, over and over and from a thread
/// of its own, over one connection that is there before an attack begins.
class HealthWatch {
 public:
  explicit HealthWatch(int port);
  ~HealthWatch();
  HealthWatch(const HealthWatch&) = delete;
  HealthWatch& operator=(const HealthWatch&) = delete;

  struct Record {
    int answers = 0;
    int misses = 0;
    std::chrono::milliseconds slowest{0};
  };
  Record Stop();

 private:
  void AskUntilStopped();
  /// Between two questions; returns false once it is time to stop.
  bool Pause();

  std::optional<Connection> connection_;
  Record record_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stop_ = false;
  std::thread thread_;
};

/// A program of ours, as it is deployed, that a test attacks.
class Target {
 public:
  using Milliseconds = std::chrono::milliseconds;

  /// `program` is "benchmark-store", which has a few benchmarks, or "planner",
  /// which then has a store of its own. `descriptors` limits what it may open;
  /// 0 leaves that to us.
  explicit Target(const std::string& program, int descriptors = 0, const testing::Environment& extra = {});

  int port() const { return port_; }
  int admin_port() const { return admin_port_; }
  /// A call that it answers with OK, and a cheap request for it.
  const std::string& path() const { return path_; }
  const std::string& request() const { return request_; }
  /// A call that refuses an empty request.
  const std::string& strict_path() const { return strict_path_; }
  /// The path of a call that takes a stream of requests; empty if there is none.
  const std::string& streaming_path() const { return streaming_path_; }

  testing::Process& process() { return *process_; }
  bool IsAlive() { return !process_->Wait(Milliseconds(0)).has_value(); }
  /// The memory that it holds.
  std::int64_t ResidentKib() const { return Kib("VmRSS:"); }
  /// The most that it has ever held.
  std::int64_t PeakKib() const { return Kib("VmHWM:"); }

  /// A connection over which a call has been answered with OK. Fails the test
  /// where there is none within `patience`.
  Connection Connect(Milliseconds patience = Connection::kPatience) const;
  /// Writes what an attack did to it, and checks what must hold afterwards: it
  /// lives, was healthy throughout as `watches` saw it, takes calls again within
  /// a second, and never held more than `max_growth_kib` over `before_kib`.
  void ExpectUnharmed(const std::string& attack, std::int64_t before_kib, std::int64_t max_growth_kib,
                      const std::vector<HealthWatch*>& watches);
  /// How long it takes until a new connection's call is answered with OK;
  /// nullopt after ten seconds.
  std::optional<Milliseconds> TimeToAnswer() const;
  /// Whether it answers a call on a new connection with OK.
  bool Answers() const;

 private:
  std::int64_t Kib(const std::string& which) const;

  testing::StoreData data_;
  std::unique_ptr<testing::StoreProcess> store_;
  std::unique_ptr<testing::Process> process_;
  int port_ = 0;
  int admin_port_ = 0;
  std::string path_;
  std::string request_;
  std::string strict_path_;
  std::string streaming_path_;
};

/// What gtest calls the tests of a program.
inline std::string NameOf(const ::testing::TestParamInfo<const char*>& program) {
  return program.param == std::string_view("planner") ? "Planner" : "Store";
}

}  // namespace loadline::attack
