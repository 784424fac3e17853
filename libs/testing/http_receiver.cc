#include "libs/testing/http_receiver.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <utility>

#include "libs/testing/port.h"

namespace loadline::testing {
namespace {

constexpr char kHeadEnd[] = "\r\n\r\n";
constexpr char kLength[] = "Content-Length: ";

sockaddr* Generic(sockaddr_in& address) { return static_cast<sockaddr*>(static_cast<void*>(&address)); }

int NewSocket() { return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0); }

/// Reads until `whole(text)`, or the other side has no more.
template <typename Whole>
std::string ReadUntil(int connection, const Whole& whole) {
  std::string text;
  std::array<char, 4096> part{};
  while (!whole(text)) {
    const auto count = recv(connection, part.data(), part.size(), 0);
    if (count <= 0) break;
    text.append(part.data(), static_cast<std::size_t>(count));
  }
  return text;
}

bool IsWholeRequest(const std::string& text) {
  const auto head_end = text.find(kHeadEnd);
  const auto length = text.find(kLength);
  if (head_end == std::string::npos || length == std::string::npos) return false;
  return text.size() >= head_end + 4 + std::stoul(text.substr(length + sizeof(kLength) - 1));
}

void Send(int connection, const std::string& text) {
  static_cast<void>(send(connection, text.data(), text.size(), MSG_NOSIGNAL));
}

}  // namespace

HttpReceiver::HttpReceiver(std::string status) : status_(std::move(status)), listener_(NewSocket()) {
  auto address = LoopbackAddress(0);
  socklen_t size = sizeof(address);
  if (bind(listener_, Generic(address), size) != 0 || listen(listener_, 16) != 0 ||
      getsockname(listener_, Generic(address), &size) != 0) {
    close(listener_);
    throw std::runtime_error("HttpReceiver cannot listen");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { Serve(); });
}

HttpReceiver::~HttpReceiver() {
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
  close(listener_);
  for (const int connection : open_) close(connection);
}

std::vector<HttpReceiver::Request> HttpReceiver::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void HttpReceiver::Serve() {
  while (true) {
    const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) return;
    Keep(ReadUntil(connection, IsWholeRequest));
    if (status_.empty()) {
      open_.push_back(connection);
      continue;
    }
    Send(connection, "HTTP/1.1 " + status_ + "\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
    close(connection);
  }
}

void HttpReceiver::Keep(const std::string& text) {
  const auto head_end = text.find(kHeadEnd);
  if (head_end == std::string::npos) return;
  const std::lock_guard lock(mutex_);
  requests_.push_back({.head = text.substr(0, head_end), .body = text.substr(head_end + 4)});
}

std::string HttpGet(int port, const std::string& path) {
  const int connection = NewSocket();
  auto address = LoopbackAddress(port);
  std::string answer;
  if (connect(connection, Generic(address), sizeof(address)) == 0) {
    Send(connection, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    answer = ReadUntil(connection, [](const std::string&) { return false; });
  }
  close(connection);
  const auto head_end = answer.find(kHeadEnd);
  if (head_end == std::string::npos) throw std::runtime_error("no answer to GET " + path);
  return answer.substr(head_end + 4);
}

}  // namespace loadline::testing
