#include "libs/testing/dns_server.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "libs/testing/port.h"

namespace loadline::testing {
namespace {

// Of RFC 1035, section 4.1.
constexpr std::size_t kHeaderBytes = 12;
constexpr int kPollMs = 20;
constexpr std::string_view kAddressQuestion("\0\1\0\1", 4);  // type A, class IN
constexpr std::string_view kAddressRecord(
    "\xc0\x0c"          // the name of the question
    "\0\1\0\1\0\0\0\0"  // type A, class IN, not to be kept
    "\0\4\x7f\0\0\1",   // 127.0.0.1
    16);

sockaddr* Generic(sockaddr_in& address) { return reinterpret_cast<sockaddr*>(&address); }

void Check(bool worked) {
  if (!worked) throw std::system_error(errno, std::generic_category(), "DnsServer");
}

// "a.example" as it is in messages: each label after its length, then 0.
std::string Encoded(std::string_view name) {
  std::string encoded;
  for (std::size_t start = 0; start <= name.size();) {
    const auto end = std::min(name.find('.', start), name.size());
    encoded += static_cast<char>(end - start);
    encoded += name.substr(start, end - start);
    start = end + 1;
  }
  return encoded + '\0';
}

// The first question: its name, type and class.
std::string_view QuestionOf(std::string_view query) {
  const auto end = query.find('\0', kHeaderBytes);
  return end == std::string_view::npos ? "" : query.substr(kHeaderBytes, end + 1 + 4 - kHeaderBytes);
}

}  // namespace

DnsServer::DnsServer(std::string_view name)
    : name_(Encoded(name)), socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
  auto address = LoopbackAddress(0);
  socklen_t size = sizeof address;
  Check(::bind(socket_.get(), Generic(address), size) == 0);
  Check(::getsockname(socket_.get(), Generic(address), &size) == 0);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { Run(); });
}

DnsServer::~DnsServer() {
  stopping_ = true;
  thread_.join();
}

void DnsServer::Run() {
  std::array<char, 512> query = {};
  while (!stopping_) {
    pollfd waiting = {.fd = socket_.get(), .events = POLLIN, .revents = 0};
    if (::poll(&waiting, 1, kPollMs) != 1) continue;
    sockaddr_in asker = {};
    socklen_t size = sizeof asker;
    const auto read = ::recvfrom(socket_.get(), query.data(), query.size(), 0, Generic(asker), &size);
    if (read < static_cast<ssize_t>(kHeaderBytes)) continue;
    const auto answer = AnswerTo({query.data(), static_cast<std::size_t>(read)});
    ::sendto(socket_.get(), answer.data(), answer.size(), 0, Generic(asker), size);
  }
}

std::string DnsServer::AnswerTo(std::string_view query) {
  const auto question = QuestionOf(query);
  const bool address = question == name_ + std::string(kAddressQuestion);
  if (address) ++questions_;
  const bool known = exists_ && question.starts_with(name_);
  std::string answer(query.substr(0, 2));
  answer += {'\x84', known ? '\0' : '\3', '\0', '\1', '\0', known && address ? '\1' : '\0', '\0', '\0', '\0', '\0'};
  answer += question;
  return known && address ? answer.append(kAddressRecord) : answer;
}

}  // namespace loadline::testing
