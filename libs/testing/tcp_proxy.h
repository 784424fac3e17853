#pragma once

#include <poll.h>

#include <chrono>
#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "libs/testing/byte_flow.h"
#include "libs/testing/descriptor.h"

namespace loadline::testing {

/// What a network does to what crosses it.
struct LinkState {
  Way to_server = {};
  Way to_client = {};
  /// Connections are reset, those that are there and each new one.
  bool resets = false;

  static LinkState Well() { return {}; }
  static LinkState Cut() { return {.resets = true}; }
  /// Nobody hears anybody, and nobody is told.
  static LinkState Silent() { return {.to_server = {.open = false}, .to_client = {.open = false}}; }
  /// Requests arrive, answers are lost.
  static LinkState HalfOpen() { return {.to_client = {.open = false}}; }
  static LinkState Delayed(std::chrono::milliseconds delay) {
    return {.to_server = {.delay = delay}, .to_client = {.delay = delay}};
  }
  static LinkState Slow(int bytes_per_second) {
    return {.to_server = {.bytes_per_second = bytes_per_second}, .to_client = {.bytes_per_second = bytes_per_second}};
  }
};

/// A port of 127.0.0.1 that leads to another one over a network that can fail.
/// Connections are accepted whatever the state: what gets no answer is what is
/// sent. Thread-safe.
class TcpProxy {
 public:
  explicit TcpProxy(int server_port);
  ~TcpProxy();
  TcpProxy(const TcpProxy&) = delete;
  TcpProxy& operator=(const TcpProxy&) = delete;

  int port() const { return port_; }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  /// Holds for all that has not arrived yet, too.
  void Set(const LinkState& state);
  /// Connections that are open now.
  int connections() const;

 private:
  struct Link;

  void Run();
  LinkState Current() const;
  std::vector<pollfd> Wanted() const;
  int TimeoutMs(const LinkState& state) const;
  void Accept();

  const int server_port_;
  Descriptor listener_;
  int port_ = 0;
  Descriptor wake_;
  mutable std::mutex mutex_;
  LinkState state_;        // guarded by mutex_
  int connections_ = 0;    // guarded by mutex_
  bool stopping_ = false;  // guarded by mutex_
  // Only the thread uses it.
  std::list<Link> links_;
  std::thread thread_;
};

}  // namespace loadline::testing
