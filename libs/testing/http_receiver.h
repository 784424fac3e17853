#pragma once

#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace loadline::testing {

/// An HTTP server on 127.0.0.1 that keeps the requests it gets, one a
/// connection, and answers all alike. Thread-safe.
class HttpReceiver {
 public:
  struct Request {
    /// The first line and the headers.
    std::string head;
    std::string body;
  };

  /// `status` such as "200 OK"; empty never to answer.
  explicit HttpReceiver(std::string status);
  ~HttpReceiver();
  HttpReceiver(const HttpReceiver&) = delete;
  HttpReceiver& operator=(const HttpReceiver&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  std::vector<Request> requests() const;

 private:
  void Serve();
  void Keep(const std::string& text);

  const std::string status_;
  int listener_ = -1;
  int port_ = 0;
  // Connections that get no answer; the thread's, until it has ended.
  std::vector<int> open_;
  mutable std::mutex mutex_;
  std::vector<Request> requests_;  // guarded by mutex_
  std::thread thread_;
};

/// What an HTTP server on 127.0.0.1 answers to `GET path`, without the headers.
/// Throws `std::runtime_error` where it answers nothing.
std::string HttpGet(int port, const std::string& path);

}  // namespace loadline::testing
