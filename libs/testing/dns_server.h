#pragma once

#include <netinet/in.h>

#include <atomic>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "libs/testing/descriptor.h"

namespace loadline::testing {

/// A name server on a UDP port of 127.0.0.1 that knows one name, once it is
/// published, as 127.0.0.1. gRPC asks it for "dns://<address()>/<name>:<port>".
/// Thread-safe.
class DnsServer {
 public:
  explicit DnsServer(std::string_view name);
  ~DnsServer();
  DnsServer(const DnsServer&) = delete;
  DnsServer& operator=(const DnsServer&) = delete;

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  /// From now on the name exists, or does not.
  void Publish(bool exists = true) { exists_ = exists; }
  /// How often the address of the name was asked for.
  int questions() const { return questions_; }

 private:
  void Run();
  std::string AnswerTo(std::string_view query);

  const std::string name_;
  Descriptor socket_;
  int port_ = 0;
  std::atomic<bool> exists_ = false;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> questions_ = 0;
  std::thread thread_;
};

}  // namespace loadline::testing
