#include "libs/testing/tcp_proxy.h"

#include <arpa/inet.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <system_error>
#include <utility>

#include "libs/testing/port.h"

namespace loadline::testing {
namespace {

using Clock = std::chrono::steady_clock;

Descriptor Checked(int descriptor, const char* what) {
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), what);
  return Descriptor(descriptor);
}

Descriptor Listen() {
  auto listener = Checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), "socket");
  const auto address = LoopbackAddress(0);
  if (::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 ||
      ::listen(listener.get(), SOMAXCONN) != 0) {
    throw std::system_error(errno, std::generic_category(), "listen");
  }
  return listener;
}

int PortOf(const Descriptor& listener) {
  sockaddr_in address = {};
  socklen_t size = sizeof(address);
  ::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

// Closed if nobody listens there.
Descriptor ConnectTo(int port) {
  Descriptor server(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const auto address = LoopbackAddress(port);
  const int connected = ::connect(server.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  return connected == 0 || errno == EINPROGRESS ? std::move(server) : Descriptor();
}

// From now on, closing it says so with RST.
void ResetAtEnd(const Descriptor& socket) {
  const linger now = {.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &now, sizeof(now));
}

pollfd Watched(int descriptor, bool input, bool output) {
  const auto events = static_cast<short>((input ? POLLIN : 0) | (output ? POLLOUT : 0));
  // An ended connection would be reported for ever, wanted or not.
  return {.fd = events == 0 ? -1 : descriptor, .events = events, .revents = 0};
}

}  // namespace

struct TcpProxy::Link {
  Link(Descriptor from, Descriptor to)
      : client(std::move(from)),
        server(std::move(to)),
        requests(client.get(), server.get()),
        answers(server.get(), client.get()) {}

  // False when it is over.
  bool Move(const LinkState& state) {
    const auto now = Clock::now();
    if (requests.wants_input()) requests.TakeIn(now);
    if (answers.wants_input()) answers.TakeIn(now);
    const bool well = requests.HandOn(now, state.to_server) && answers.HandOn(now, state.to_client) && !state.resets;
    if (!well) Reset();
    return well && !(requests.over() && answers.over());
  }
  void Reset() const {
    ResetAtEnd(client);
    ResetAtEnd(server);
  }

  Descriptor client;
  Descriptor server;
  ByteFlow requests;
  ByteFlow answers;
};

TcpProxy::TcpProxy(int server_port)
    : server_port_(server_port),
      listener_(Listen()),
      port_(PortOf(listener_)),
      wake_(Checked(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")),
      thread_([this] { Run(); }) {}

TcpProxy::~TcpProxy() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  ::eventfd_write(wake_.get(), 1);
  thread_.join();
}

void TcpProxy::Set(const LinkState& state) {
  {
    const std::lock_guard lock(mutex_);
    state_ = state;
  }
  ::eventfd_write(wake_.get(), 1);
}

int TcpProxy::connections() const {
  const std::lock_guard lock(mutex_);
  return connections_;
}

void TcpProxy::Run() {
  while (true) {
    LinkState state;
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
      state = state_;
      connections_ = static_cast<int>(links_.size());
    }
    auto watched = Wanted();
    ::poll(watched.data(), watched.size(), TimeoutMs(state));
    eventfd_t woken = 0;
    ::eventfd_read(wake_.get(), &woken);
    if ((watched[1].revents & POLLIN) != 0) Accept();
    // The state may have changed while we waited: what arrives now, arrives
    // under the new one.
    const auto current = Current();
    links_.remove_if([&](Link& link) { return !link.Move(current); });
  }
}

LinkState TcpProxy::Current() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

std::vector<pollfd> TcpProxy::Wanted() const {
  std::vector<pollfd> watched = {Watched(wake_.get(), true, false), Watched(listener_.get(), true, false)};
  for (const auto& link : links_) {
    watched.push_back(Watched(link.client.get(), link.requests.wants_input(), link.answers.wants_output()));
    watched.push_back(Watched(link.server.get(), link.answers.wants_input(), link.requests.wants_output()));
  }
  return watched;
}

int TcpProxy::TimeoutMs(const LinkState& state) const {
  std::optional<Clock::time_point> next;
  const auto consider = [&](const std::optional<Clock::time_point>& arrival) {
    if (arrival && (!next || *arrival < *next)) next = arrival;
  };
  for (const auto& link : links_) {
    consider(link.requests.NextArrival(state.to_server));
    consider(link.answers.NextArrival(state.to_client));
  }
  if (!next) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*next - Clock::now());
  return static_cast<int>(std::max(left, left.zero()).count());
}

void TcpProxy::Accept() {
  Descriptor client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!client.is_open()) return;
  auto server = ConnectTo(server_port_);
  if (!server.is_open()) return ResetAtEnd(client);
  links_.emplace_back(std::move(client), std::move(server));
}

}  // namespace loadline::testing
