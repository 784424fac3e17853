#pragma once

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace loadline::testing {

struct ProcessOptions {
  std::filesystem::path binary;
  std::vector<std::string> arguments = {};
  /// The whole environment, beside PATH, HOME, TMPDIR and the sanitizers' options.
  std::map<std::string, std::string> environment = {};
  /// Where it runs; empty for where we are.
  std::filesystem::path folder = {};
  /// How many files it may have open, soft and hard limit; 0 for as many as we.
  int max_descriptors = 0;
};

/// A running program without input whose output is kept. Killed at the end, and when the
/// thread that started it ends, so start it from the test's main thread.
///
///     Process store({.binary = LOADLINE_BINARY_DIR "/bin/benchmark-store", .environment = {{"LISTEN_ADDRESS",
///     "127.0.0.1:0"}}}); const int port = store.Port(); store.Signal(SIGTERM); EXPECT_EQ(store.Wait(), 0);
class Process {
 public:
  static constexpr std::chrono::seconds kPatience{60};

  /// Throws `std::system_error` if there is no such program.
  explicit Process(const ProcessOptions& options);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t id() const { return id_; }

  /// The first log line with this event, as soon as it is there; nullopt if
  /// the program ends or `patience` runs out before.
  std::optional<nlohmann::json> WaitForEvent(std::string_view event, std::chrono::milliseconds patience = kPatience);
  /// All log lines with this event so far.
  std::vector<nlohmann::json> Events(std::string_view event) const;
  /// The port of the `listening` event. Throws, with what the program wrote,
  /// if it does not come.
  int Port(std::chrono::milliseconds patience = kPatience);

  /// Sends a signal, unless the program has ended.
  void Signal(int signal);
  /// The exit code once the program has ended (128 + n if signal n ended it);
  /// nullopt if `patience` runs out before.
  std::optional<int> Wait(std::chrono::milliseconds patience = kPatience);

  /// What it wrote so far.
  std::string Output() const;
  std::string ErrorOutput() const;

 private:
  // One end of a pipe, and what came through it.
  struct Stream {
    int descriptor = -1;
    std::string text;
  };

  void Follow();
  bool Drain(Stream& stream);
  void Reap();
  std::vector<nlohmann::json> EventsLocked(std::string_view event) const;

  pid_t id_ = -1;
  int handle_ = -1;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Stream output_;
  Stream error_;
  std::optional<int> exit_code_;
  std::thread follower_;
};

}  // namespace loadline::testing
